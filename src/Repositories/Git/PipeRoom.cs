using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Squero.Repositories;

/// <summary>
/// How much a pipe holds before its writer has to wait. Linux begins with 64 KB and gives up to a megabyte to anybody
/// (fcntl(2), F_SETPIPE_SZ); where it does not, the pipe stays as it is.
/// </summary>
internal static partial class PipeRoom
{
    private const int SetPipeSize = 1031;
    private const int Bytes = 1024 * 1024;

    public static void Widen(Stream stream)
    {
        if (OperatingSystem.IsLinux() && stream is PipeStream pipe)
        {
            _ = FileControl(pipe.SafePipeHandle, SetPipeSize, Bytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(SafeHandle file, int command, int argument);
}
