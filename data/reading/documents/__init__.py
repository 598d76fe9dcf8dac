"""Readers of whole documents: office files, feeds, web archives, chats and other exports."""
