namespace Squero.Pipelines;

/// <summary>Reads <c>workflow</c>.</summary>
internal static class WorkflowReader
{
    private static readonly string[] OnNewCommit = ["conservative", "interruptible", "none"];
    private static readonly string[] OnJobFailure = ["all", "none"];

    public static WorkflowDefinition? Read(Field field)
    {
        if (field.Map(["rules", "name", "auto_cancel"]) is null)
        {
            return null;
        }

        var name = field["name"].Text();
        if (name is { Length: > 255 })
        {
            field["name"].Fail("`workflow:name` has more than 255 characters.");
        }

        return new WorkflowDefinition(name, RuleReader.ForWorkflow(field["rules"]), ReadAutoCancel(field["auto_cancel"]));
    }

    public static AutoCancel ReadAutoCancel(Field field)
    {
        field.Map(["on_new_commit", "on_job_failure"]);
        return new AutoCancel(
            field["on_new_commit"].OneOf(OnNewCommit) ?? "conservative", field["on_job_failure"].OneOf(OnJobFailure) ?? "none");
    }
}
