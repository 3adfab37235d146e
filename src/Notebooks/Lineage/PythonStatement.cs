namespace Squero.Notebooks;

/// <summary>One logical line: its indentation, its tokens, and the statements that stand indented below it.</summary>
internal sealed record PythonStatement(int Indent, List<PythonToken> Tokens)
{
    public List<PythonStatement> Body { get; } = [];
}

/// <summary>
/// Cuts a cell into statements. Lines for IPython are taken out or made Python: %time x and x = !ls are code that counts,
/// !pip and cells in other languages are not.
/// </summary>
internal static class PythonSource
{
    private const int MaxDepth = 60;

    private static readonly HashSet<string> RunningCode = new(StringComparer.Ordinal) { "time", "timeit", "prun", "memit", "mprun", "lprun", "capture", "debug" };

    public static List<PythonStatement> Read(string source)
    {
        source = CellMagic(source);
        var top = new List<PythonStatement>();
        var open = new Stack<PythonStatement>();
        int at = 0, line = 1;
        while (at < source.Length)
        {
            var indent = 0;
            while (at < source.Length && source[at] is ' ' or '\t')
            {
                indent += source[at++] == '\t' ? 8 : 1;
            }

            if (at < source.Length && source[at] is '%' or '!' or '?')
            {
                SkipMagic(source, ref at, ref line);
                if (at >= source.Length || source[at] == '\n')
                {
                    continue;
                }
            }

            Place(new PythonStatement(indent, PythonTokens.OfLine(source, ref at, ref line)), top, open);
        }

        return top;
    }

    private static void Place(PythonStatement statement, List<PythonStatement> top, Stack<PythonStatement> open)
    {
        foreach (var part in Parts(statement))
        {
            while (open.Count > 0 && open.Peek().Indent >= part.Indent)
            {
                open.Pop();
            }

            (open.Count == 0 ? top : open.Peek().Body).Add(part);
            if (open.Count < MaxDepth)
            {
                open.Push(part);
            }
        }
    }

    /// <summary>Statements parted by semicolons, and the one behind the colon of a header, which is its body.</summary>
    private static IEnumerable<PythonStatement> Parts(PythonStatement statement)
    {
        var rest = statement.Tokens;
        var indent = statement.Indent;
        while (rest.Count > 0)
        {
            var end = EndOfHeader(rest) is { } colon ? colon : rest.FindIndex(token => token.Depth == 0 && token.Is(";"));
            if (end < 0)
            {
                yield return new PythonStatement(indent, rest);
                yield break;
            }

            var header = rest[end].Is(":");
            yield return new PythonStatement(indent, rest[..end]);
            rest = rest[(end + 1)..];
            indent += header ? 1 : 0;
        }
    }

    private static int? EndOfHeader(List<PythonToken> tokens)
    {
        var word = tokens[0].IsWord("async") && tokens.Count > 1 ? tokens[1] : tokens[0];
        if (word.Kind != PythonTokenKind.Name || word.Text is not ("def" or "class" or "if" or "elif" or "else" or "for" or "while" or "with" or "try" or "except" or "finally"))
        {
            return null;
        }

        var lambdas = 0;
        for (var at = 0; at < tokens.Count; at++)
        {
            lambdas += tokens[at].Depth == 0 && tokens[at].IsWord("lambda") ? 1 : 0;
            if (tokens[at].Depth == 0 && tokens[at].Is(":") && lambdas-- <= 0)
            {
                return at;
            }
        }

        return null;
    }

    private static string CellMagic(string source)
    {
        var start = source.AsSpan().TrimStart();
        if (!start.StartsWith("%%"))
        {
            return source;
        }

        var end = start.IndexOf('\n');
        var head = (end < 0 ? start : start[..end])[2..].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (head.Length == 0 || !RunningCode.Contains(head[0]))
        {
            return "";
        }

        // The name that %%capture gives to what was printed stays on its line.
        var captured = head[0] == "capture" ? head.Skip(1).FirstOrDefault(word => word[0] != '-') : null;
        return (captured is null ? "" : captured + " = None") + (end < 0 ? "" : start[end..].ToString());
    }

    /// <summary>Behind a magic that runs the rest of its line, else behind the line.</summary>
    private static void SkipMagic(string source, ref int at, ref int line)
    {
        var end = source.IndexOf('\n', at) is >= 0 and var found ? found : source.Length;
        var words = source[at..end].TrimStart('%');
        var name = new string([.. words.TakeWhile(char.IsLetter)]);
        if (source[at] == '%' && RunningCode.Contains(name) && name != "capture")
        {
            at = Math.Min(end, source.IndexOf(name, at, StringComparison.Ordinal) + name.Length);
            while (at < end && source[at] is ' ' or '\t')
            {
                at++;
            }

            return;
        }

        at = Math.Min(source.Length, end + 1);
        line++;
        while (at < source.Length && source[at - 1] != '\n')
        {
            at++;
        }
    }
}
