"""Findings in words: the sections of a report, in the order in which they are read."""

from __future__ import annotations

from sorot.data.taxonomy import Language, Taxonomy
from sorot.serving.findings.report.document.closing_sections import fingerprint_section, limits_section, method_section
from sorot.serving.findings.report.document.media_sections import (
    copies_section,
    examples_section,
    speakers_section,
    words_section,
)
from sorot.serving.findings.report.document.parts import Document
from sorot.serving.findings.report.document.summary_section import summary_section
from sorot.serving.findings.report.document.task_sections import attention_section, composition_section
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.findings import Findings


def write_document(findings: Findings, taxonomy: Taxonomy, language: Language) -> Document:
    """The report on `findings` in a language; the taxonomy is that of the bundle they were gathered with."""
    voice = Voice(taxonomy, language)
    one_tasks = [own for own in findings.tasks if not voice.task(own.task).many]
    many_tasks = len(one_tasks) < len(findings.tasks)
    return Document(
        language=language,
        title=findings.title or voice("title"),
        subtitle=voice("subtitle", data=findings.origin.data, model=findings.origin.model),
        sections=(
            summary_section(findings, voice),
            *((attention_section(findings, voice),) if many_tasks else ()),
            *(composition_section(findings, own, voice) for own in one_tasks),
            speakers_section(findings, voice),
            words_section(findings, voice),
            copies_section(findings, voice),
            examples_section(findings, voice),
            method_section(findings, voice),
            limits_section(findings, voice),
            fingerprint_section(findings, voice),
        ),
    )
