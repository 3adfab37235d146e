namespace Squero.Ui;

/// <summary>Which highlighting a file gets, by its name. Only the bundled languages are named.</summary>
public static class CodeLanguage
{
    /// <summary>Null when the file is shown plain.</summary>
    public static string? Of(string path) => Path.GetFileName(path) switch
    {
        "Dockerfile" => "dockerfile",
        "Makefile" => "makefile",
        _ => Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".py" or ".pyi" => "python",
            ".cs" => "csharp",
            ".js" or ".mjs" or ".ts" or ".tsx" or ".jsx" => "javascript",
            ".json" or ".ipynb" => "json",
            ".yml" or ".yaml" => "yaml",
            ".sh" or ".bash" => "bash",
            ".sql" => "sql",
            ".md" => "markdown",
            ".html" or ".xml" or ".csproj" or ".svg" => "xml",
            ".css" => "css",
            ".toml" or ".ini" or ".cfg" => "ini",
            ".r" => "r",
            ".jl" => "julia",
            ".c" or ".h" or ".cpp" or ".cc" or ".hpp" or ".cu" => "cpp",
            ".go" => "go",
            ".rs" => "rust",
            ".java" => "java",
            _ => null,
        },
    };
}
