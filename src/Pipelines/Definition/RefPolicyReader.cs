namespace Squero.Pipelines;

/// <summary>Reads <c>only</c> and <c>except</c>.</summary>
internal static class RefPolicyReader
{
    public static RefPolicy? Read(Field field)
    {
        if (!field.IsGiven)
        {
            return null;
        }

        if (!field.IsMap)
        {
            return new RefPolicy(Refs(field), null, null);
        }

        field.Map(["refs", "variables", "changes", "kubernetes"]);
        var kubernetes = field["kubernetes"].Text();
        if (kubernetes is not null && kubernetes != "active")
        {
            field["kubernetes"].Fail($"`{field.Keyword}:kubernetes` may only be active.");
        }

        var variables = field["variables"];
        return new RefPolicy(
            field["refs"].IsGiven ? Refs(field["refs"]) : null,
            variables.IsGiven ? [.. variables.Items().Select(item => RuleReader.Condition(variables.With(item))).OfType<Expression>()] : null,
            field["changes"].IsGiven ? field["changes"].Texts() : null,
            kubernetes is not null);
    }

    private static IReadOnlyList<string> Refs(Field field)
    {
        var refs = field.Texts();
        foreach (var pattern in refs.Where(text => text.StartsWith('/') && text.LastIndexOf('/') > 0))
        {
            var bare = pattern.Split('@')[0];
            if (SafePattern.TryParse(bare, out var problem) is null)
            {
                field.Fail($"`{field.Keyword}` has the pattern {Field.Cut(pattern)}, which cannot be used: {problem}.");
            }
        }

        return refs;
    }
}
