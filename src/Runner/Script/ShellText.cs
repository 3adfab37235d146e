using System.Text;

namespace Squero.Runner;

/// <summary>Texts for bash.</summary>
internal static class ShellText
{
    private const string Green = "\e[32;1m";
    private const string Plain = "\e[0;m";

    /// <summary>Any text as one word that bash takes literally. NUL cannot be in a variable and is left out.</summary>
    public static string Quote(string text) =>
        $"'{text.Replace("\0", "", StringComparison.Ordinal).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The commands of a step as one script: each is shown before it runs, the first that fails ends it.</summary>
    public static string Compose(JobVariables variables, string folder, IEnumerable<string> commands)
    {
        var script = new StringBuilder();
        script.Append(variables.ToExports());
        script.Append("cd ").Append(Quote(folder)).Append(" || exit 1\nset -eo pipefail\nset +o noclobber\n");
        foreach (var command in commands)
        {
            script.Append("printf '%s\\n' ").Append(Quote(Green + "$ " + Heading(command) + Plain)).Append('\n');
            script.Append(command.ReplaceLineEndings("\n")).Append('\n');
        }

        return script.ToString();
    }

    private static string Heading(string command)
    {
        var lines = command.Trim().ReplaceLineEndings("\n").Split('\n');
        return lines.Length == 1 ? lines[0] : lines[0] + " # collapsed multi-line command";
    }
}
