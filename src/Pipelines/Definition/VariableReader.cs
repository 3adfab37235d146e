namespace Squero.Pipelines;

/// <summary>Reads <c>variables</c>: numbers become text; booleans, lists and nothing are mistakes.</summary>
internal static class VariableReader
{
    private static readonly string[] JobKeys = ["value", "expand"];
    private static readonly string[] TopKeys = ["value", "expand", "description", "options"];

    /// <param name="top">At the top of the file a variable may have a description and options.</param>
    public static IReadOnlyList<YamlVariable> Read(Field field, bool top = false)
    {
        if (!field.IsGiven)
        {
            return [];
        }

        if (field.Node is not CiMap map)
        {
            field.Fail($"`{field.Keyword}` must be a map of names to values, but it is {field.Node!.Kind}.");
            return [];
        }

        var variables = new List<YamlVariable>(map.Entries.Length);
        foreach (var (name, value) in map.Entries)
        {
            if (!IsName(name))
            {
                field.With(value).Fail($"`{Field.Cut(name)}` cannot be the name of a variable.");
            }
            else if (One(field.With(value).Named($"variables:{name}"), name, top) is { } variable)
            {
                variables.Add(variable);
            }
        }

        return variables;
    }

    private static YamlVariable? One(Field field, string name, bool top)
    {
        if (!field.IsMap)
        {
            if (!field.IsGiven || field.IsList || field.Node is CiScalar { Value: bool })
            {
                field.Fail($"the variable `{name}` must be a text or a number, but it is {field.Node?.Kind ?? "nothing"}; put quotes around it.");
                return null;
            }

            return field.Text() is { } text ? new YamlVariable(name, text) : null;
        }

        field.Map(top ? TopKeys : JobKeys);
        var value = field["value"].Text() ?? "";
        var options = field["options"].Texts();
        if (options.Count > 0 && !options.Contains(value, StringComparer.Ordinal))
        {
            field.Fail($"the `options` of the variable `{name}` do not hold its value `{Field.Cut(value)}`.");
        }

        if (!field["value"].IsGiven && !(top && field["description"].IsGiven))
        {
            field.Fail($"the variable `{name}` has no `value`.");
        }

        return new YamlVariable(name, value, field["expand"].Truth() ?? true);
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 255 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '=' or '$' or '{' or '}');
}
