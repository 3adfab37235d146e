namespace Squero.Pipelines;

/// <summary>Reads <c>rules</c> of jobs, of the workflow and of includes.</summary>
internal static class RuleReader
{
    public const int MaxPatterns = 50;
    public const int MaxRules = 1_000;
    private static readonly string[] JobKeys =
        ["if", "changes", "exists", "when", "start_in", "allow_failure", "variables", "needs", "interruptible"];

    private static readonly string[] WorkflowKeys = ["if", "changes", "exists", "when", "variables", "auto_cancel"];
    private static readonly string[] IncludeKeys = ["if", "changes", "exists", "when"];
    private static readonly string[] ShortWhens = ["always", "never"];

    public static IReadOnlyList<RuleDefinition>? ForJob(Field field) => Read(field, JobKeys, WhenWords.All, Job);

    public static IReadOnlyList<RuleDefinition>? ForWorkflow(Field field) => Read(field, WorkflowKeys, ShortWhens, Workflow);

    public static IReadOnlyList<RuleDefinition>? ForInclude(Field field) => Read(field, IncludeKeys, ShortWhens, (rule, _) => rule);

    public static Expression? Condition(Field field)
    {
        if (field.Text() is not { } text)
        {
            return null;
        }

        if (Expression.TryParse(text, out var problem) is { } expression)
        {
            return expression;
        }

        field.Fail($"`{field.Keyword}` is no valid expression, `{Field.Cut(text)}`: {problem}.", ErrorCategory.InvalidExpression);
        return null;
    }

    private static List<RuleDefinition>? Read(
        Field field, string[] keys, IReadOnlyList<string> whens, Func<RuleDefinition, Field, RuleDefinition> more)
    {
        if (!field.IsGiven)
        {
            return null;
        }

        if (!field.IsList)
        {
            field.Fail($"`{field.Keyword}` must be a list of rules, but it is {field.Node!.Kind}.");
            return null;
        }

        var items = field.Items();
        if (items.Count > MaxRules)
        {
            field.Fail($"`{field.Keyword}` has more than {MaxRules} rules.", ErrorCategory.TooLarge);
            return [];
        }

        return [.. items.Select(item => field.With(item)).Where(one => Shape(one, keys)).Select(one => more(Common(one, whens), one))];
    }

    private static bool Shape(Field one, string[] keys)
    {
        if (one.Node is not CiMap map)
        {
            one.Fail($"each of `{one.Keyword}` must be a map with if, changes, exists or when, but one is {one.Node!.Kind}.");
            return false;
        }

        one.Map(keys);
        if (map.Entries.Length == 0)
        {
            one.Fail($"one of `{one.Keyword}` is empty.");
        }

        return true;
    }

    private static RuleDefinition Common(Field one, IReadOnlyList<string> whens) => new()
    {
        Line = one.Place.Line,
        If = Condition(one["if"]),
        Changes = Paths(one["changes"], "compare_to"),
        Exists = Paths(one["exists"], "project", "ref"),
        When = one["when"].OneOf(whens, ErrorCategory.InvalidWhen) is { } word ? WhenWords.Parse(word) : null,
    };

    private static RuleDefinition Job(RuleDefinition rule, Field one)
    {
        var seconds = StartIn(one["start_in"]);
        if (one["start_in"].IsGiven && rule.When != JobWhen.Delayed)
        {
            one["start_in"].Fail("`rules:start_in` needs `when: delayed` beside it.", ErrorCategory.InvalidStartIn);
        }

        if (rule.When == JobWhen.Delayed && !one["start_in"].IsGiven)
        {
            one.Fail("`rules:when` is delayed, but `start_in` is missing.", ErrorCategory.InvalidStartIn);
        }

        return rule with
        {
            StartInSeconds = seconds,
            AllowFailure = one["allow_failure"].Truth(),
            Variables = VariableReader.Read(one["variables"]),
            Needs = one["needs"].IsGiven ? NeedReader.Read(one["needs"]) : null,
            Interruptible = one["interruptible"].Truth(),
        };
    }

    private static RuleDefinition Workflow(RuleDefinition rule, Field one) => rule with
    {
        Variables = VariableReader.Read(one["variables"]),
        AutoCancel = one["auto_cancel"].IsGiven ? WorkflowReader.ReadAutoCancel(one["auto_cancel"]) : null,
    };

    public static int? StartIn(Field field)
    {
        if (field.Text() is not { } text)
        {
            return null;
        }

        if (Durations.ParseSeconds(text) is { } seconds and > 0 and <= 7 * 24 * 3600)
        {
            return seconds;
        }

        field.Fail($"`{field.Keyword}` is `{Field.Cut(text)}`, but must be a length of time of at most one week, such as `30 minutes`.", ErrorCategory.InvalidStartIn);
        return null;
    }

    private static PathCondition? Paths(Field field, params string[] more)
    {
        if (!field.IsGiven)
        {
            return null;
        }

        var paths = field;
        if (field.IsMap)
        {
            field.Map(["paths", .. more]);
            paths = field["paths"];
            if (!paths.IsGiven)
            {
                field.Fail($"`{field.Keyword}` has no `paths`.");
            }
        }

        if (field.IsMap && more.Contains("project") && field["project"].IsGiven)
        {
            field["project"].Fail("`exists:project` is not offered: only files of this commit are looked at.", ErrorCategory.NotSupported);
        }

        var texts = paths.Texts();
        if (texts.Count > MaxPatterns)
        {
            paths.Fail($"`{paths.Keyword}` has {texts.Count} patterns, but at most {MaxPatterns} are allowed.");
            texts = [];
        }

        return new PathCondition(texts, field.IsMap && more.Contains("compare_to") ? field["compare_to"].Text() : null);
    }
}
