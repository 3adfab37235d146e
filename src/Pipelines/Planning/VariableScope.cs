namespace Squero.Pipelines;

/// <summary>Variables that conditions see, each by its stored value; layers added later win.</summary>
internal sealed class VariableScope
{
    private readonly Dictionary<string, string> values;
    private Dictionary<string, string>? expanded;

    private VariableScope(Dictionary<string, string> values) => this.values = values;

    /// <summary>What is known without the file: predefined, settings, given for this pipeline.</summary>
    public static VariableScope BeforePipeline(PipelineContext context) => Of(context, []);

    public static VariableScope Of(PipelineContext context, IEnumerable<JobVariable> written)
    {
        var all = PredefinedVariables.OfPipeline(context).Concat(written)
            .Concat(JobVariables.Settings(context, null)).Concat(JobVariables.Given(context));
        return Of(all);
    }

    public static VariableScope Of(IEnumerable<JobVariable> all)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in all)
        {
            values[variable.Key] = variable.Value;
        }

        return new VariableScope(values);
    }

    /// <summary>As stored, for expressions.</summary>
    public string? Find(string name) => values.GetValueOrDefault(name);

    /// <summary>With references followed, for paths and names.</summary>
    public string? FindExpanded(string name)
    {
        expanded ??= VariableExpansion.ExpandAll(values.Select(pair => new JobVariable(pair.Key, pair.Value)), out _)
            .ToDictionary(variable => variable.Key, variable => variable.Value, StringComparer.Ordinal);
        return expanded.GetValueOrDefault(name);
    }
}
