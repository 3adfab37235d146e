namespace Squero.Server;

/// <summary>How this program is called from anywhere: by the door of its folder, or else by its own file.</summary>
internal static class DoorPath
{
    /// <summary>Quoted for a shell.</summary>
    public static string ForShell()
    {
        var door = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../..", "squero"));
        if (File.Exists(door))
        {
            return Quoted(door);
        }

        var isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return isHosted ? $"{Quoted(Environment.ProcessPath!)} {Quoted(Path.Combine(AppContext.BaseDirectory, "squero.dll"))}" : Quoted(Environment.ProcessPath!);
    }

    private static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
