using System.Runtime.InteropServices;

namespace Squero.Runner;

internal enum FileKind
{
    Missing,
    Regular,
    Folder,
    Link,
    Other,
}

/// <summary>The few system calls that .NET does not offer. Only statx is used for file facts: its layout is the same everywhere.</summary>
internal static partial class Posix
{
    private const int AtFdCwd = -100;
    private const int SymlinkNoFollow = 0x100;
    private const uint BasicStats = 0x7ff;

    public static uint UserId => OperatingSystem.IsWindows() ? 1 : GetEffectiveUser();

    public static uint GroupId => OperatingSystem.IsWindows() ? 1 : GetEffectiveGroup();

    /// <summary>Kind, owner and permission bits of the path itself; a link is not followed.</summary>
    public static (FileKind Kind, uint Owner, int Mode) Look(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return LookPortably(path);
        }

        Span<byte> buffer = stackalloc byte[256];
        if (Statx(AtFdCwd, path, SymlinkNoFollow, BasicStats, buffer) != 0)
        {
            return (FileKind.Missing, 0, 0);
        }

        var mode = MemoryMarshal.Read<ushort>(buffer[28..]);
        var kind = (mode & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        return (kind, MemoryMarshal.Read<uint>(buffer[20..]), mode & 0xFFF);
    }

    /// <summary>Gives the path itself (never a link's target) to a user.</summary>
    public static void Give(string path, int user)
    {
        if (ChangeOwner(path, (uint)user, (uint)user) != 0)
        {
            throw new IOException($"{path} cannot be given to user {user}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static (FileKind Kind, uint Owner, int Mode) LookPortably(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            return (FileKind.Link, UserId, 0x1FF);
        }

        var kind = Directory.Exists(path) ? FileKind.Folder : file.Exists ? FileKind.Regular : FileKind.Missing;
        return (kind, UserId, kind == FileKind.Missing || OperatingSystem.IsWindows() ? 0x1A4 : (int)File.GetUnixFileMode(path));
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetEffectiveGroup();

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> buffer);
}
