namespace Squero.Notebooks;

/// <summary>Reads the names that statements define, use and change. No parser: the few forms that bind names are known.</summary>
internal static class PythonNames
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
        "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    };

    /// <summary>Methods that change the thing they are called on, when nobody takes what they return.</summary>
    private static readonly HashSet<string> Changing = new(StringComparer.Ordinal)
    {
        "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "add", "discard", "setdefault", "fit", "partial_fit", "fit_transform", "compile", "train", "eval", "load_state_dict",
        "load_weights", "build", "add_module", "register_buffer", "to", "cuda", "step", "zero_grad", "backward", "fill", "resize", "put", "write", "set_index", "set_params", "add_trace", "update_layout", "set_title",
    };

    public static PythonScope Of(IEnumerable<PythonStatement> statements)
    {
        var scope = new PythonScope();
        Read(statements, scope);
        return scope;
    }

    private static void Read(IEnumerable<PythonStatement> statements, PythonScope scope)
    {
        foreach (var statement in statements)
        {
            if (statement.Tokens.Count > 0)
            {
                Read(statement, scope);
            }
        }
    }

    private static void Read(PythonStatement statement, PythonScope scope)
    {
        var tokens = statement.Tokens;
        tokens = tokens[0].IsWord("async") && tokens.Count > 1 ? tokens[1..] : tokens;
        switch (tokens[0].Kind == PythonTokenKind.Name ? tokens[0].Text : "")
        {
            case "import":
                Imports(tokens[1..], scope);
                break;
            case "from":
                From(tokens, scope);
                break;
            case "def":
                Function(statement, tokens, scope);
                return;
            case "class":
                Class(statement, tokens, scope);
                return;
            case "for":
                Loop(tokens, scope);
                break;
            case "with" or "except":
                With(tokens[1..], scope);
                break;
            case "del":
                Split(tokens[1..], ",").ForEach(target => Target(target, scope, scope.Delete));
                break;
            case "global" or "nonlocal":
                scope.Globals.UnionWith(tokens.Skip(1).Where(token => token.Kind == PythonTokenKind.Name).Select(token => token.Text));
                break;
            default:
                Assignment(tokens, scope);
                break;
        }

        Read(statement.Body, scope);
    }

    private static void Imports(List<PythonToken> tokens, PythonScope scope)
    {
        foreach (var part in Split(tokens, ","))
        {
            var alias = part.FindIndex(token => token.IsWord("as"));
            var named = alias >= 0 && alias + 1 < part.Count ? part[alias + 1] : part.Find(token => token.Kind == PythonTokenKind.Name);
            Bind(named, scope);
        }
    }

    private static void From(List<PythonToken> tokens, PythonScope scope)
    {
        var import = tokens.FindIndex(token => token.IsWord("import"));
        if (import < 0)
        {
            return;
        }

        var names = tokens[(import + 1)..].Where(token => !token.Is("(") && !token.Is(")")).Select(token => token with { Depth = 0 }).ToList();
        scope.ImportsAll |= names.Exists(token => token.Is("*"));
        Imports(names, scope);
    }

    private static void Bind(PythonToken token, PythonScope scope)
    {
        if (token.Kind == PythonTokenKind.Name && !Keywords.Contains(token.Text))
        {
            scope.Define(token.Text);
        }
    }

    private static void Function(PythonStatement statement, List<PythonToken> tokens, PythonScope scope)
    {
        var inner = new PythonScope();
        var open = tokens.FindIndex(token => token.Is("("));
        foreach (var parameter in open < 0 ? [] : Split(Inside(tokens, open), ","))
        {
            var name = parameter.Find(token => token.Kind == PythonTokenKind.Name);
            Bind(name, inner);

            // Default values and types are read when the function is defined.
            var rest = parameter.FindIndex(token => token.Is("=") || token.Is(":"));
            Expression(rest < 0 ? [] : parameter[(rest + 1)..], scope);
        }

        if (tokens.Count > 1)
        {
            Bind(tokens[1], scope);
        }

        Read(statement.Body, inner);
        scope.Hold(inner, false);
    }

    private static void Class(PythonStatement statement, List<PythonToken> tokens, PythonScope scope)
    {
        if (tokens.Count < 2)
        {
            return;
        }

        Expression(tokens[2..], scope);
        var inner = new PythonScope();
        Read(statement.Body, inner);
        scope.Hold(inner, true);
        Bind(tokens[1], scope);
    }

    private static void Loop(List<PythonToken> tokens, PythonScope scope)
    {
        var split = tokens.FindIndex(token => token.Depth == 0 && token.IsWord("in"));
        if (split > 0)
        {
            Expression(tokens[(split + 1)..], scope);
            Split(tokens[1..split], ",").ForEach(target => Target(target, scope, scope.Define));
        }
    }

    private static void With(List<PythonToken> tokens, PythonScope scope)
    {
        // Parentheses around all of the items are no part of them.
        var bare = tokens.Count > 2 && tokens[0].Is("(") && tokens[^1].Is(")") ? tokens[1..^1].ConvertAll(token => token with { Depth = token.Depth - 1 }) : tokens;
        foreach (var item in Split(bare, ","))
        {
            var alias = item.FindIndex(token => token.Depth == 0 && token.IsWord("as"));
            Expression(alias < 0 ? item : item[..alias], scope);
            if (alias >= 0)
            {
                Target(item[(alias + 1)..], scope, scope.Define);
            }
        }
    }

    private static void Assignment(List<PythonToken> tokens, PythonScope scope)
    {
        var parts = Split(tokens, "=");
        if (parts.Count > 1)
        {
            Expression(parts[^1], scope);
            foreach (var target in parts[..^1].SelectMany(part => Split(part, ",")))
            {
                Annotated(target, scope);
            }

            return;
        }

        var operation = tokens.FindIndex(token => token.Depth == 0 && token.Kind == PythonTokenKind.Sign && token.Text.Length > 1 && token.Text[^1] == '=' && token.Text is not ("==" or "!=" or "<=" or ">=" or ":="));
        if (operation > 0)
        {
            Expression(tokens[(operation + 1)..], scope);
            Target(tokens[..operation], scope, scope.Mutate);
            return;
        }

        Expression(tokens, scope);
        if (tokens.Count > 3 && tokens[0].Kind == PythonTokenKind.Name && tokens[1].Is(".") && ChangesItself(tokens))
        {
            scope.Mutate(tokens[0].Text);
        }
    }

    private static bool ChangesItself(List<PythonToken> tokens)
    {
        var call = tokens.FindIndex(token => token.Is("("));
        return call > 2 && Changing.Contains(tokens[call - 1].Text)
            || Enumerable.Range(0, tokens.Count - 2).Any(at => tokens[at].IsWord("inplace") && tokens[at + 1].Is("=") && tokens[at + 2].IsWord("True"));
    }

    // x: int = 3 binds x; the type is read.
    private static void Annotated(List<PythonToken> target, PythonScope scope)
    {
        var colon = target.FindIndex(token => token.Depth == (target.Count > 0 ? target[0].Depth : 0) && token.Is(":"));
        if (colon > 0)
        {
            Expression(target[(colon + 1)..], scope);
        }

        Target(colon > 0 ? target[..colon] : target, scope, scope.Define);
    }

    private static void Target(List<PythonToken> target, PythonScope scope, Action<string> bind)
    {
        target = target.Count > 0 && target[0].Is("*") ? target[1..] : target;
        if (target.Count == 0)
        {
            return;
        }

        if (target[0].Opens)
        {
            Split(Inside(target, 0), ",").ForEach(inner => Target(inner, scope, bind));
        }
        else if (target[0].Kind == PythonTokenKind.Name && target.Count == 1)
        {
            bind(target[0].Text);
        }
        else if (target[0].Kind == PythonTokenKind.Name)
        {
            scope.Mutate(target[0].Text);
            Expression(target[1..], scope);
        }
    }

    private static void Expression(List<PythonToken> tokens, PythonScope scope) => PythonExpression.Read(tokens, scope, Keywords);

    /// <summary>What stands in the bracket that opens there.</summary>
    private static List<PythonToken> Inside(List<PythonToken> tokens, int open)
    {
        var end = tokens.FindIndex(open + 1, token => token.Closes && token.Depth == tokens[open].Depth);
        return tokens[(open + 1)..(end < 0 ? tokens.Count : end)];
    }

    /// <summary>At signs that stand in no further bracket.</summary>
    private static List<List<PythonToken>> Split(List<PythonToken> tokens, string sign)
    {
        var parts = new List<List<PythonToken>>();
        var start = 0;
        for (var at = 0; at <= tokens.Count; at++)
        {
            if (at == tokens.Count || tokens[at].Depth == tokens[0].Depth && tokens[at].Is(sign) && !(sign == "," && InLambda(tokens, start, at)))
            {
                parts.Add(tokens[start..at]);
                start = at + 1;
            }
        }

        return parts;
    }

    private static bool InLambda(List<PythonToken> tokens, int start, int at)
    {
        var lambda = at == start ? -1 : tokens.FindLastIndex(at - 1, at - start, token => token.IsWord("lambda"));
        return lambda >= 0 && !tokens[lambda..at].Exists(token => token.Depth == tokens[lambda].Depth && token.Is(":"));
    }
}
