using Squero.Kernel;

namespace Squero.Tests.Kernel;

public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string root = Path.Combine(Path.GetTempPath(), "squero-folder-" + Path.GetRandomFileName());

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void An_empty_folder_that_everybody_may_read_is_closed_to_others()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are of Unix.");
        Directory.CreateDirectory(root, Everybody);
        _ = new DataFolder(root);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(root) & UnixFileMode.OtherRead);
    }

    [Fact]
    public void A_folder_of_somebody_elses_files_is_refused_and_keeps_its_mode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are of Unix.");
        Directory.CreateDirectory(root, Everybody);
        File.WriteAllText(Path.Combine(root, "holiday.jpg"), "");
        Assert.Contains("holds other files", Assert.Throws<Refusal>(() => new DataFolder(root)).Sentence, StringComparison.Ordinal);
        Assert.Equal(Everybody, File.GetUnixFileMode(root));
    }

    [Fact]
    public void A_second_server_on_the_folder_is_turned_away_until_the_first_has_gone()
    {
        var folder = new DataFolder(root);
        folder.WritePrivate(DataFolder.AddressFile, "http://127.0.0.1:7070/");
        using (new DataFolderLock(folder))
        {
            var refusal = Assert.Throws<Refusal>(() => new DataFolderLock(new DataFolder(root)));
            Assert.Contains(root, refusal.Sentence, StringComparison.Ordinal);
            Assert.Contains("http://127.0.0.1:7070/", refusal.Sentence, StringComparison.Ordinal);
        }

        new DataFolderLock(folder).Dispose();
    }

    [Fact]
    public async Task A_folder_on_a_disk_that_takes_no_writes_is_called_so_and_not_taken()
    {
        var folder = new DataFolder(root);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "ro", "squero", root), "This takes the right to mount a disk.");
        try
        {
            var refusal = Assert.Throws<Refusal>(() => new DataFolderLock(folder));
            Assert.Contains("Nothing can be written", refusal.Sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("Another server", refusal.Sentence, StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync("umount", root);
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    [Fact]
    public void A_private_file_is_readable_by_its_owner_alone_and_replaced_whole()
    {
        var folder = new DataFolder(root);
        folder.WritePrivate("secret", "first");
        folder.WritePrivate("secret", "second");
        Assert.Equal("second", File.ReadAllText(folder.File("secret")));
        Assert.Equal(["secret"], Directory.GetFiles(root).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("secret")));
        }
    }
}
