"""The model: bundle on disk, runtime, exact pooling, evidence, scorer. The one part of serving that training imports."""
