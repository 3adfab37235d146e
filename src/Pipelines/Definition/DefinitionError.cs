namespace Squero.Pipelines;

/// <summary>One thing that is wrong with a pipeline file: a sentence for people and a category for programs.</summary>
/// <param name="Category">snake_case word out of <see cref="ErrorCategory"/>.</param>
/// <param name="Line">Line in <paramref name="File"/>, from 1; null where no single line is to blame.</param>
internal sealed record DefinitionError(
    string Category, string Sentence, string? Job = null, string? Keyword = null, int? Line = null, string? File = null)
{
    public override string ToString() => Line is { } line
        ? File is null ? $"line {line}: {Sentence}" : $"{File}, line {line}: {Sentence}"
        : Sentence;
}

/// <summary>The kinds of mistakes that are told apart.</summary>
internal static class ErrorCategory
{
    public const string InvalidYaml = "invalid_yaml";
    public const string TooLarge = "too_large";
    public const string UnknownStage = "unknown_stage";
    public const string UnknownKeyword = "unknown_keyword";
    public const string MissingScript = "missing_script";
    public const string NoVisibleJobs = "no_visible_jobs";
    public const string NeedNotInPipeline = "need_not_in_pipeline";
    public const string NeedLaterStage = "need_later_stage";
    public const string UnknownNeed = "unknown_need";
    public const string DuplicateNeed = "duplicate_need";
    public const string CircularNeeds = "circular_needs";
    public const string CircularExtends = "circular_extends";
    public const string UnknownExtends = "unknown_extends";
    public const string ExtendsTooDeep = "extends_too_deep";
    public const string CircularVariables = "circular_variables";
    public const string RulesConflict = "rules_conflict";
    public const string DefaultConflict = "default_conflict";
    public const string InvalidExpression = "invalid_expression";
    public const string ReferenceNotFound = "reference_not_found";
    public const string UnknownDependency = "unknown_dependency";
    public const string DependencyLaterStage = "dependency_later_stage";
    public const string IncludeNotFound = "include_not_found";
    public const string InvalidInclude = "invalid_include";
    public const string InvalidWhen = "invalid_when";
    public const string InvalidStartIn = "invalid_start_in";
    public const string InvalidRetry = "invalid_retry";
    public const string InvalidParallel = "invalid_parallel";
    public const string InvalidOnStop = "invalid_on_stop";
    public const string InvalidName = "invalid_name";
    public const string InvalidValue = "invalid_value";
    public const string NotSupported = "not_supported";
}

/// <summary>Stops the reading of a file at its first error that makes going on pointless.</summary>
internal sealed class DefinitionException(DefinitionError error) : Exception(error.Sentence)
{
    public DefinitionError Error { get; } = error;

    public static DefinitionException Because(
        string category, string sentence, Place place = default, string? job = null, string? keyword = null) =>
        new(new DefinitionError(category, sentence, job, keyword, place.Line > 0 ? place.Line : null, place.File));
}
