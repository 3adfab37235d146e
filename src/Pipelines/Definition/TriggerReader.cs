namespace Squero.Pipelines;

/// <summary>Reads <c>trigger</c>.</summary>
internal static class TriggerReader
{
    private static readonly string[] Keys = ["project", "branch", "strategy", "forward", "include", "inputs"];
    private static readonly string[] Strategies = ["depend", "mirror"];

    public static JobTrigger? Read(Field field)
    {
        if (!field.IsMap)
        {
            return field.Text() is { } project ? new JobTrigger { Project = project } : null;
        }

        field.Map(Keys);
        if (field["project"].IsGiven == field["include"].IsGiven)
        {
            field.Fail("`trigger` needs either a `project` or an `include`.");
        }

        field["forward"].Map(["yaml_variables", "pipeline_variables"]);
        var includes = field["include"].Items();
        if (includes.Count > 3)
        {
            field["include"].Fail("`trigger:include` names more than 3 files.");
            includes = [];
        }

        return new JobTrigger
        {
            Project = field["project"].Text(),
            Branch = field["branch"].Text(),
            Strategy = field["strategy"].OneOf(Strategies),
            Include = [.. includes.Select(item => Include(field["include"].With(item)))],
            ForwardYamlVariables = field["forward"]["yaml_variables"].Truth() ?? true,
            ForwardPipelineVariables = field["forward"]["pipeline_variables"].Truth() ?? false,
        };
    }

    private static TriggerInclude Include(Field one)
    {
        if (!one.IsMap)
        {
            return new TriggerInclude(one.Text(), null, null, null, null, null);
        }

        one.Map(["local", "project", "file", "ref", "artifact", "job", "inputs", "template", "remote", "component", "rules"]);
        return new TriggerInclude(
            one["local"].Text(), one["project"].Text(), one["file"].Texts() is [var file, ..] ? file : null, one["ref"].Text(), one["artifact"].Text(), one["job"].Text());
    }
}
