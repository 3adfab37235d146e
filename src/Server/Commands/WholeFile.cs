namespace Squero.Server;

/// <summary>Writes a file whole or not at all: beside it first, then in its place.</summary>
internal static class WholeFile
{
    public static async Task WriteAsync(FileInfo file, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        // A link stays one; what it leads to is replaced.
        var target = file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is { } led ? led.FullName : file.FullName;
        var mode = OperatingSystem.IsWindows() || !File.Exists(target) ? (UnixFileMode?)null : File.GetUnixFileMode(target);
        var beside = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            await File.WriteAllBytesAsync(beside, content, cancel);
            if (mode is { } same && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(beside, same);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
