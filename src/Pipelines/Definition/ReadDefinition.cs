namespace Squero.Pipelines;

/// <summary>From the text of a pipeline file to its jobs: includes, references, extends, defaults, parallel, checks.</summary>
internal static class ReadDefinition
{
    /// <param name="fileName">What to call the file in sentences.</param>
    /// <param name="context">Only what includes may depend on is looked at.</param>
    public static DefinitionOutcome Read(string text, string fileName, PipelineContext context)
    {
        var findings = new Findings();
        try
        {
            var files = new IncludeFiles(context, findings);
            var merged = files.Read(text);
            if (findings.Errors.Count == 0)
            {
                var definition = new DocumentReader(ReferenceResolver.Resolve(merged), findings).Read() with { Includes = files.Included };
                if (findings.Errors.Count == 0)
                {
                    DefinitionChecks.Run(definition, findings);
                }

                if (findings.Errors.Count == 0)
                {
                    return new DefinitionOutcome.Valid(definition with { Warnings = findings.Warnings });
                }
            }
        }
        catch (DefinitionException refused)
        {
            findings.Errors.Insert(0, refused.Error);
        }

        return new DefinitionOutcome.Invalid([.. findings.Errors.Select(error => error.Line is null ? error : error with { File = error.File ?? fileName })]);
    }
}
