"""Times what others need for the pairs of notebooks that `squero bench notebooks --peers` measures.

    PYTHONPATH=/path/to/a/checkout/of/nbdime python3 measure.py FOLDER

Prints one JSON object a pair NAME/before.ipynb, NAME/after.ipynb: its name, and for each peer the milliseconds of CPU
(children included; null where it failed, with a reason):

nbdime    reading both files with nbformat and `diff_notebooks`, warm, in this process. Left out when it cannot be
          imported: pip install nbdime, or put a checkout of it and nbformat (Debian: python3-nbformat) on PYTHONPATH.
markdown  a plain stand-in for differs of cleaned Markdown: parse, write the cells as lines, `diff -U 10000`. It looks up
          no line numbers of the JSON, which real ones do, so it is rather too fast than too slow.
"""
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import warnings

LIMIT_SECONDS = 20
COLOURS = re.compile("\x1b\\[[0-9;]*m")
FORMS = ("image/png", "image/svg+xml", "image/jpeg", "text/markdown", "text/latex")

try:
    import nbformat
    from nbdime import diff_notebooks
    from nbdime.diffing import notebooks as nbdime_notebooks
except ImportError as missing:
    diff_notebooks = None
    print(f"nbdime is left out: {missing}", file=sys.stderr)


class TooLong(Exception):
    pass


def too_long(*_):
    raise TooLong(f"more than {LIMIT_SECONDS} s")


def cpu():
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def nbdime(before, after):
    # A comparison kept from an earlier run would make this one look free.
    for cached in vars(nbdime_notebooks).values():
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()
    diff_notebooks(nbformat.read(before, as_version=4), nbformat.read(after, as_version=4))


def text(value):
    return value if isinstance(value, str) else "".join(value or [])


def indented(value):
    return ["    " + COLOURS.sub("", line).rstrip() for line in text(value).split("\n")]


def output_lines(output):
    kind = output.get("output_type")
    if kind == "stream":
        return indented(output.get("text"))
    if kind == "error":
        return [line for part in output.get("traceback", []) for line in indented(part)]
    forms = FORMS + (("text/plain",) if kind == "execute_result" else ())
    found = []
    for form in forms:
        if form in output.get("data", {}):
            value = text(output["data"][form])
            found += ["    ![](data:" + form + "," + "".join(value.split()) + ")"] if form.startswith("image/") else indented(value)
    return found


def markdown_lines(path):
    with open(path, encoding="utf-8") as file:
        notebook = json.load(file)
    language = notebook.get("metadata", {}).get("kernelspec", {}).get("language", "")
    lines = []
    for cell in notebook["cells"]:
        lines += [f"%% Cell type:{cell.get('cell_type')} id:{cell.get('id', '')}", ""]
        source = [line.rstrip() for line in text(cell.get("source")).split("\n")]
        if cell.get("cell_type") == "code":
            lines += ["``` " + language, *source, "```", ""]
            for output in cell.get("outputs", []):
                lines += ["%% Output", "", *output_lines(output), ""]
        else:
            lines += [*source, ""]
    return lines


def markdown(before, after):
    with tempfile.TemporaryDirectory() as folder:
        sides = []
        for name, path in (("before", before), ("after", after)):
            sides.append(os.path.join(folder, name))
            with open(sides[-1], "w", encoding="utf-8", errors="surrogatepass") as file:
                file.write("\n".join(markdown_lines(path)))
        subprocess.run(["diff", "-U", "10000", *sides], stdout=subprocess.DEVNULL, check=False)


def measure(peer, before, after):
    signal.alarm(LIMIT_SECONDS)
    start = cpu()
    try:
        peer(before, after)
        return {"ms": (cpu() - start) * 1000}
    except TooLong as limit:
        # At least so long: left in, or the slowest pairs would speak for the peer.
        return {"ms": (cpu() - start) * 1000, "reason": str(limit)}
    except Exception as failure:  # whatever a peer trips over is its failure
        return {"ms": None, "reason": f"{type(failure).__name__}: {str(failure)[:100]}"}
    finally:
        signal.alarm(0)


def main(folder):
    signal.signal(signal.SIGALRM, too_long)
    warnings.simplefilter("ignore")
    peers = {"markdown": markdown} | ({"nbdime": nbdime} if diff_notebooks else {})
    warm = False
    for path, _, files in sorted(os.walk(folder)):
        if "before.ipynb" in files and "after.ipynb" in files:
            before, after = os.path.join(path, "before.ipynb"), os.path.join(path, "after.ipynb")
            if not warm:
                warm = all([measure(peer, before, after)["ms"] is not None for peer in peers.values()])
            found = {name: measure(peer, before, after) for name, peer in peers.items()}
            print(json.dumps({"name": os.path.basename(path), **found}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
