namespace Squero.Pipelines;

/// <summary>A whole pipeline file, read, merged and checked: the same for every event, except for rules on its includes.</summary>
internal sealed record PipelineDefinition
{
    /// <summary>With <c>.pre</c> first and <c>.post</c> last.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    public IReadOnlyList<YamlVariable> Variables { get; init; } = [];
    public WorkflowDefinition? Workflow { get; init; }

    /// <summary>Visible jobs in the order of the file, parallel jobs as their parts.</summary>
    public required IReadOnlyList<JobDefinition> Jobs { get; init; }

    /// <summary>Sentences about what works but probably was not meant.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Paths of the files that were included, in order.</summary>
    public IReadOnlyList<string> Includes { get; init; } = [];
}

/// <param name="Rules">Null: every event makes a pipeline.</param>
internal sealed record WorkflowDefinition(string? Name, IReadOnlyList<RuleDefinition>? Rules, AutoCancel AutoCancel);

/// <summary>The result of reading a pipeline file.</summary>
internal abstract record DefinitionOutcome
{
    internal sealed record Valid(PipelineDefinition Definition) : DefinitionOutcome;

    /// <param name="Errors">At least one.</param>
    internal sealed record Invalid(IReadOnlyList<DefinitionError> Errors) : DefinitionOutcome;
}
