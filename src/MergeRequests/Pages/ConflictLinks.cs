using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Addresses on the page of conflicts.</summary>
internal static class ConflictLinks
{
    /// <summary>A picture of a merged notebook comes from the branch that has it.</summary>
    public static string Picture(Project project, JudgedFile file, string sha256) =>
        CodeLinks.NotebookImage(project, (file.Merged!.Target.HasPicture(sha256) ? file.File.Target : file.File.Source)!.Oid, sha256);
}
