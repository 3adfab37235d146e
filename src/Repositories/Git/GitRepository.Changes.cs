using System.Text;

namespace Squero.Repositories;

/// <summary>Differences between commits.</summary>
public sealed partial class GitRepository
{
    private const int MaxChanges = 10_000;
    private const int ListLimit = 32 * 1024 * 1024;

    /// <summary>The files that differ; <paramref name="before"/> empty or zeros means the empty tree. At most 10,000.</summary>
    public async Task<IReadOnlyList<FileChange>> ChangesAsync(string before, string after, CancellationToken cancel)
    {
        var from = GitNames.IsNothing(before) ? GitNames.EmptyTree : await ResolveAsync(before, cancel);
        var to = GitNames.IsNothing(after) ? GitNames.EmptyTree : await ResolveAsync(after, cancel);
        if (from is null || to is null)
        {
            return [];
        }

        var compared = await git.RunAsync(
            path,
            ["diff-tree", "-r", "-z", "-M", "-l2000", "--no-abbrev", "--raw", "--numstat", "--diff-algorithm=histogram", "--no-ext-diff", "--no-textconv", from, to, "--"],
            cancel,
            ListLimit);
        return compared.ExitCode == 0 || compared.IsCut
            ? ChangeList.Parse(Encoding.UTF8.GetString(compared.Output), MaxChanges)
            : throw new InvalidOperationException($"git diff-tree ended with {compared.ExitCode}: {compared.Error}");
    }

    /// <summary>The lines of one change. It depends on the two blobs alone, so that callers may cache it by their ids.</summary>
    public async Task<FilePatch> PatchAsync(string before, string after, FileChange file, CancellationToken cancel)
    {
        if (file.OldMode == PatchText.SubmoduleMode || file.NewMode == PatchText.SubmoduleMode)
        {
            return PatchText.OfSubmodule(file);
        }

        if (file.OldOid == file.NewOid)
        {
            return new FilePatch(file, [], file.IsBinary, IsTooLarge: false);
        }

        if (file.OldOid is null || file.NewOid is null)
        {
            return await OneSideAsync(file, cancel);
        }

        if (!GitNames.IsSha(file.OldOid) || !GitNames.IsSha(file.NewOid))
        {
            throw new ArgumentException("A change is named by full object ids.");
        }

        var compared = await git.RunAsync(
            path,
            ["diff", "--no-color", "--no-ext-diff", "--no-textconv", "--diff-algorithm=histogram", "-U3", "--end-of-options", file.OldOid, file.NewOid, "--"],
            cancel,
            FilePatch.Limit);
        var text = Encoding.UTF8.GetString(compared.Output);
        return compared.IsCut
            ? new FilePatch(file, [], IsBinary: false, IsTooLarge: true)
            : compared.ExitCode == 0
                ? PatchText.Parse(file, text)
                : throw new InvalidOperationException($"git diff ended with {compared.ExitCode}: {compared.Error}");
    }

    private async Task<FilePatch> OneSideAsync(FileChange file, CancellationToken cancel)
    {
        var bytes = await BytesAsync(file.NewOid ?? file.OldOid ?? "", FilePatch.Limit, cancel);
        return bytes is null ? new FilePatch(file, [], IsBinary: false, IsTooLarge: true)
            : IsBinary(bytes) ? new FilePatch(file, [], IsBinary: true, IsTooLarge: false)
            : PatchText.OfOneSide(file, Encoding.UTF8.GetString(bytes));
    }
}
