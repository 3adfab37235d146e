namespace Squero.Notebooks;

/// <summary>A cell above and the names that made it count, in alphabetical order; none when the kernel's language is not read.</summary>
public sealed record UpstreamCell(int Cell, IReadOnlyList<string> Names);

/// <summary>
/// Which cells a cell rests on: for Python those above that define or change what it uses, and what those use in turn;
/// for other kernels all code cells above. Read off the text in reading order, so a notebook that was run in another
/// order may differ.
/// </summary>
public sealed class NotebookLineage
{
    /// <summary>A longer cell is data, not code.</summary>
    private const int MaxSource = 200_000;

    private readonly Notebook _notebook;
    private readonly PythonScope?[] _scopes;
    private readonly List<DataFile>[] _files;

    private NotebookLineage(Notebook notebook)
    {
        _notebook = notebook;
        _scopes = new PythonScope?[notebook.Cells.Count];
        _files = new List<DataFile>[notebook.Cells.Count];
        var python = IsPython(notebook);
        foreach (var cell in notebook.Cells)
        {
            var statements = python && cell.Kind == CellKind.Code && cell.Source.Length <= MaxSource ? PythonSource.Read(cell.Source) : [];
            _files[cell.Index] = [.. PythonFiles.Of(cell.Index, statements)];
            if (python && cell.Kind == CellKind.Code)
            {
                var scope = PythonNames.Of(statements);
                scope.Settle();
                _scopes[cell.Index] = scope;
            }
        }
    }

    public static NotebookLineage Of(Notebook notebook) => new(notebook);

    /// <summary>In reading order. Empty for prose.</summary>
    public IReadOnlyList<UpstreamCell> Upstream(int cell)
    {
        if (cell < 0 || cell >= _notebook.Cells.Count || _notebook.Cells[cell].Kind != CellKind.Code)
        {
            return [];
        }

        return _scopes[cell] is { } scope ? Python(cell, scope) : [.. _notebook.Cells.Take(cell).Where(above => above.Kind == CellKind.Code).Select(above => new UpstreamCell(above.Index, []))];
    }

    /// <summary>What the cell and those it rests on read by a path that is written out.</summary>
    public IReadOnlyList<DataFile> Files(int cell) =>
        cell < 0 || cell >= _files.Length ? [] : [.. Upstream(cell).SelectMany(above => _files[above.Cell]), .. _files[cell]];

    private static bool IsPython(Notebook notebook) => notebook.Language.StartsWith("python", StringComparison.Ordinal) || notebook.Language is "ipython" or "ipython3" or "sage" or "sagemath";

    private List<UpstreamCell> Python(int cell, PythonScope scope)
    {
        var needed = new HashSet<string>(scope.Uses, StringComparer.Ordinal);
        var upstream = new List<UpstreamCell>();
        var all = new List<int>();
        for (var at = cell - 1; at >= 0 && needed.Count > 0; at--)
        {
            if (_scopes[at] is not { } above)
            {
                continue;
            }

            var names = needed.Where(name => above.Defines.Contains(name) || above.Mutates.Contains(name)).Order(StringComparer.Ordinal).ToList();
            needed.ExceptWith(above.Defines.Where(name => !above.Uses.Contains(name)));
            needed.ExceptWith(above.Deletes);
            if (names.Count > 0)
            {
                needed.UnionWith(above.Uses);
                upstream.Add(new UpstreamCell(at, names));
            }
            else if (above.ImportsAll)
            {
                all.Add(at);
            }
        }

        // What nobody defines may come from an import of everything.
        upstream.AddRange(needed.Any(name => !Builtins.Contains(name)) ? all.Select(at => new UpstreamCell(at, ["*"])) : []);
        return [.. upstream.OrderBy(above => above.Cell)];
    }

    private static readonly HashSet<string> Builtins = new(StringComparer.Ordinal)
    {
        "print", "len", "range", "list", "dict", "set", "tuple", "str", "int", "float", "bool", "sum", "min", "max", "abs", "round", "sorted", "reversed", "enumerate", "zip", "map", "filter", "any", "all",
        "open", "type", "isinstance", "display", "super", "object", "Exception", "ValueError", "KeyError", "getattr", "setattr", "hasattr", "next", "iter", "input", "repr", "format", "bytes", "vars", "id", "hash",
        "property", "staticmethod", "classmethod", "get_ipython", "__name__", "pow", "divmod", "chr", "ord", "slice", "frozenset", "callable", "locals", "globals", "help", "dir", "complex", "exec", "eval", "_",
    };
}
