namespace Squero.Pipelines;

/// <summary>Reads a file with all it includes: included ones first, in order, the including file merged on top.</summary>
internal sealed class IncludeFiles(PipelineContext context, Findings findings)
{
    public const int MaxFiles = 150;
    private const int MaxTotalCharacters = 4 * YamlReader.MaxCharacters;
    private static readonly string[] Keys = ["local", "project", "file", "ref", "remote", "template", "component", "rules", "inputs", "integrity"];
    private static readonly string[] Elsewhere = ["project", "remote", "template", "component"];
    private readonly Lazy<VariableScope> scope = new(() => VariableScope.BeforePipeline(context));
    private readonly List<string> open = [];
    private int characters;

    public List<string> Included { get; } = [];

    public CiMap Read(string text, string? file = null)
    {
        characters += text.Length;
        if (characters > MaxTotalCharacters)
        {
            throw DefinitionException.Because(ErrorCategory.TooLarge, "The file and all it includes are larger than 8 MiB.");
        }

        var own = YamlReader.Read(text, file);
        if (own["include"] is not { } include)
        {
            return own;
        }

        CiMap? below = null;
        var field = new Field(findings, null, "include", include, include.Place);
        foreach (var item in field.Items())
        {
            foreach (var path in PathsOf(field.With(item)))
            {
                var part = Include(path, field.With(item));
                below = below is null ? part : below.MergedWith(part);
            }
        }

        own = own.Without("include");
        return below is null ? own : below.MergedWith(own);
    }

    private IReadOnlyList<string> PathsOf(Field one)
    {
        if (!one.IsMap)
        {
            var text = one.Text() ?? "";
            return text.Contains("://", StringComparison.Ordinal) ? Refuse(one, "remote") : Local(one, text);
        }

        one.Map(Keys);
        if (Elsewhere.FirstOrDefault(key => one[key].IsGiven) is { } kind)
        {
            return Refuse(one, kind);
        }

        if (one["local"].Text() is not { } local)
        {
            one.Fail("one of `include` names no `local` file.", ErrorCategory.InvalidInclude);
            return [];
        }

        var rules = RuleReader.ForInclude(one["rules"]);
        return rules is null || RuleMatch.First(rules, context, scope.Value) is { When: not JobWhen.Never } ? Local(one, local) : [];
    }

    private static IReadOnlyList<string> Refuse(Field one, string kind)
    {
        one.Fail(
            $"`include:{kind}` is not offered: copy the file into the repository and include it as `local`.", ErrorCategory.NotSupported);
        return [];
    }

    private IReadOnlyList<string> Local(Field one, string text)
    {
        var path = VariableExpansion.Expand(text, scope.Value.Find).TrimStart('/');
        if (!path.EndsWith(".yml", StringComparison.Ordinal) && !path.EndsWith(".yaml", StringComparison.Ordinal))
        {
            one.Fail($"`include:local` names `{Field.Cut(path)}`, which does not end in .yml or .yaml.", ErrorCategory.InvalidInclude);
            return [];
        }

        return path.Contains('*', StringComparison.Ordinal)
            ? [.. context.CommitPaths().Where(PathGlob.Of(path).Fits).Order(StringComparer.Ordinal)]
            : [path];
    }

    private CiMap Include(string path, Field one)
    {
        if (Included.Count >= MaxFiles || open.Contains(path))
        {
            throw DefinitionException.Because(
                ErrorCategory.InvalidInclude,
                open.Contains(path) ? $"`{path}` includes itself: {string.Join(" → ", open.Append(path))}." : $"More than {MaxFiles} files are included.",
                one.Place);
        }

        if (context.ReadFile(path) is not { } text)
        {
            throw DefinitionException.Because(ErrorCategory.IncludeNotFound, $"`include:local` names `{Field.Cut(path)}`, which is not in this commit.", one.Place);
        }

        Included.Add(path);
        open.Add(path);
        var part = Read(text, path);
        open.RemoveAt(open.Count - 1);
        return part;
    }
}
