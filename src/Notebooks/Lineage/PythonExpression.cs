namespace Squero.Notebooks;

/// <summary>
/// The names that an expression reads: not attributes, not names of arguments, not what a comprehension or a lambda
/// binds for itself. A walrus binds for everybody.
/// </summary>
internal static class PythonExpression
{
    public static void Read(List<PythonToken> tokens, PythonScope scope, HashSet<string> keywords)
    {
        var own = Own(tokens);
        for (var at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at];
            if (token.Kind != PythonTokenKind.Name || keywords.Contains(token.Text) || at > 0 && tokens[at - 1].Is("."))
            {
                continue;
            }

            if (at + 1 < tokens.Count && tokens[at + 1].Is(":="))
            {
                scope.Define(token.Text);
            }
            else if (!IsArgumentName(tokens, at) && !own.Exists(stretch => stretch.Name == token.Text && at >= stretch.From && at < stretch.To))
            {
                scope.Use(token.Text);
            }
        }
    }

    // In an expression a single = stands behind the name of an argument and nowhere else.
    private static bool IsArgumentName(List<PythonToken> tokens, int at) =>
        at + 1 < tokens.Count && tokens[at + 1].Is("=") && at > 0 && (tokens[at - 1].Is("(") || tokens[at - 1].Is(","));

    private static List<(string Name, int From, int To)> Own(List<PythonToken> tokens)
    {
        var own = new List<(string, int, int)>();
        for (var at = 0; at < tokens.Count; at++)
        {
            if (tokens[at].IsWord("for"))
            {
                Comprehension(tokens, at, own);
            }
            else if (tokens[at].IsWord("lambda"))
            {
                Lambda(tokens, at, own);
            }
        }

        return own;
    }

    private static void Comprehension(List<PythonToken> tokens, int at, List<(string, int, int)> own)
    {
        var depth = tokens[at].Depth;
        var start = tokens.FindLastIndex(at, token => token.Opens && token.Depth == depth - 1) + 1;
        var end = tokens.FindIndex(at, token => token.Closes && token.Depth == depth - 1);
        end = end < 0 ? tokens.Count : end;
        for (var target = at + 1; target < end && !tokens[target].IsWord("in"); target++)
        {
            if (tokens[target].Kind == PythonTokenKind.Name)
            {
                own.Add((tokens[target].Text, start, end));
            }
        }
    }

    private static void Lambda(List<PythonToken> tokens, int at, List<(string, int, int)> own)
    {
        var depth = tokens[at].Depth;
        var colon = tokens.FindIndex(at, token => token.Is(":") && token.Depth == depth);
        if (colon < 0)
        {
            return;
        }

        var end = tokens.FindIndex(colon, token => token.Depth < depth || token.Depth == depth && token.Is(","));
        for (var parameter = at + 1; parameter < colon; parameter++)
        {
            if (tokens[parameter].Kind == PythonTokenKind.Name && (tokens[parameter - 1].IsWord("lambda") || tokens[parameter - 1].Is(",") || tokens[parameter - 1].Is("*") || tokens[parameter - 1].Is("**")))
            {
                own.Add((tokens[parameter].Text, at, end < 0 ? tokens.Count : end));
            }
        }
    }
}
