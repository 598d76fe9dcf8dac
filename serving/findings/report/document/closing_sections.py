"""The last sections: how the numbers were made, what they cannot say, and where they come from."""

from __future__ import annotations

import json

from sorot.serving.findings.estimates.estimate import method_note
from sorot.serving.findings.report.document.parts import Cell, Decimal, Section, Table
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.findings import Findings


def method_section(findings: Findings, voice: Voice) -> Section:
    """How bands, standouts and words were computed."""
    method = findings.method
    level = voice.percent(method.level)
    points = [
        voice("method_bands_corrected", level=level, note=method_note(method.correction, voice.language))
        if method.correction
        else voice("method_bands", level=level)
    ]
    if findings.corpus.stories is not None:
        points.append(voice("method_stories"))
    if method.comparisons:
        points.append(voice("method_standouts", n=voice.count(method.comparisons)))
    if findings.words:
        points.append(voice("method_words"))
    if findings.corpus.first_day:
        points.append(voice("method_days"))
    return Section("method", voice("method"), (), tuple(points))


def limits_section(findings: Findings, voice: Voice) -> Section:
    """What a reader should not conclude, with the model's scores."""
    points = (voice("limit_corpus"), voice("limit_model"), voice("limit_mix"))
    origin = findings.origin
    notes = (voice("other_model", model=origin.model, bundle=origin.bundle),) if origin.model != origin.bundle else ()
    columns = (voice("file"), *(task.name(voice.language) for task in voice.taxonomy.tasks))
    rows: list[tuple[Cell, ...]] = []
    for file, scores in origin.development.items():
        rows.append((file, *(Decimal(scores[key], 2) if key in scores else None for key in voice.taxonomy.keys)))
    tables = (Table("scores", voice("scores"), columns, tuple(rows)),) if rows else ()
    return Section("limits", voice("limits"), (), points, notes, (), tables)


def fingerprint_section(findings: Findings, voice: Voice) -> Section:
    """Model, data and programs, so that the report can be made again and compared."""
    origin = findings.origin
    rows = [
        (voice("origin_sorot"), origin.sorot),
        (voice("origin_model"), origin.model),
        (voice("origin_manifest"), origin.manifest),
        (voice("origin_data"), origin.data),
        (voice("origin_sha256"), origin.sha256),
    ]
    if origin.run:
        rows.append((voice("origin_run"), json.dumps(origin.run, ensure_ascii=False, sort_keys=True)))
    table = Table("fingerprint", voice("fingerprint"), (voice("property"), voice("value")), tuple(rows))
    return Section("fingerprint", voice("fingerprint"), tables=(table,))
