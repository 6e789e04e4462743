"""A snapshot as a picture, in the languages of Graphviz and Mermaid. Text only."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from multicore.csp._snapshot import NetworkSnapshot, SnapshotChannel, SnapshotProcess

    type Arrow = tuple[str, str, str]

_LIVE = ("starting", "running", "waiting")


def to_dot(snapshot: NetworkSnapshot) -> str:
    """For Graphviz."""
    nodes, outside, arrows = _graph(snapshot)
    lines = [f"digraph {_dot(snapshot.name)} {{", "  rankdir=LR;"]
    lines.append("  node [shape=box, style=rounded];")
    for node, label, is_python in nodes:
        style = ', style="rounded,filled", fillcolor="#ffe873"' if is_python else ""
        lines.append(f"  {node} [label={_dot(label)}{style}];")
    lines += [f"  {node} [shape=point];" for node in outside]
    lines += [f"  {start} -> {end} [label={_dot(label)}];" for start, end, label in arrows]
    return "\n".join([*lines, "}", ""])


def to_mermaid(snapshot: NetworkSnapshot) -> str:
    """For Mermaid."""
    nodes, outside, arrows = _graph(snapshot)
    lines = ["flowchart LR"]
    lines += [f"  {node}[{_mermaid(label)}]" for node, label, _ in nodes]
    lines += [f"  {node}(( ))" for node in outside]
    lines += [f"  {start} -- {_mermaid(label)} --> {end}" for start, end, label in arrows]
    pythons = ",".join(node for node, _, is_python in nodes if is_python)
    if pythons:
        lines += ["  classDef python fill:#ffe873,color:#000", f"  class {pythons} python"]
    return "\n".join([*lines, ""])


def _dot(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _mermaid(words: str) -> str:
    escaped = words.replace('"', "#quot;").replace("\n", "<br>")
    return f'"{escaped}"'


def _graph(
    snapshot: NetworkSnapshot,
) -> tuple[list[tuple[str, str, bool]], list[str], list[Arrow]]:
    nodes = [
        (f"p{process.id}", _describe(process), process.language == "python")
        for process in snapshot.processes
        if process.state in _LIVE
    ]
    outside: list[str] = []
    arrows: list[Arrow] = []
    for channel in snapshot.channels:
        sources = [f"p{number}" for number in channel.sending_processes]
        targets = [f"p{number}" for number in channel.receiving_processes]
        for side, known in (("in", sources), ("out", targets)):
            if not known:
                known.append(f"{side}{channel.id}")
                outside.append(f"{side}{channel.id}")
        label = _words(channel)
        arrows += [(start, end, label) for start in sources for end in targets]
    return nodes, outside, arrows


def _describe(process: SnapshotProcess) -> str:
    again = f", restarted {process.restarts}×" if process.restarts else ""  # noqa: RUF001
    return f"{process.name}\n{process.state}{again}"


def _words(channel: SnapshotChannel) -> str:
    capacity = channel.stats["capacity"]
    depth = ""
    if capacity != 0:
        depth = f" {channel.stats['length']}/{'∞' if capacity is None else capacity}"
    speed = f" {round(channel.throughput)}/s" if channel.throughput > 0 else ""
    return f"{channel.name or f'channel {channel.id}'}{depth}{speed}"
