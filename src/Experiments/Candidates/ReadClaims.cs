using System.Globalization;
using System.Text.RegularExpressions;
using Squero.Pipelines;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Experiments;

/// <summary>
/// What a candidate says of its own origin. It proves nothing and decides nothing; a job and a commit are links only when the
/// project itself has them.
/// </summary>
/// <param name="JobText">As it was said.</param>
/// <param name="JobId">Null when the project has no such job.</param>
/// <param name="CommitText">As it was said.</param>
/// <param name="Sha">Null when the project has no such commit.</param>
public sealed record CandidateClaims(string? JobText, long? JobId, string? CommitText, string? Sha);

/// <summary>Reads claims of tags and looks them up within the project alone.</summary>
public sealed partial class ReadClaims(TagMeanings meanings, JobStore jobs, GitRepositories repositories)
{
    /// <summary>Null when nothing is claimed.</summary>
    public async Task<CandidateClaims?> OfAsync(Project project, IReadOnlyList<NamedText> tags, CancellationToken cancel)
    {
        var (job, commit) = (Text(tags, meanings.ClaimedJob), Text(tags, meanings.ClaimedCommit));
        if (job is null && commit is null)
        {
            return null;
        }

        var jobId = long.TryParse(job, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (await jobs.FindAsync(project.Id, id, cancel))?.Id : null;
        var sha = commit is not null && Hash().IsMatch(commit) ? await repositories.Open(project).ResolveAsync(commit, cancel) : null;
        return new CandidateClaims(job, jobId, commit, sha);
    }

    private static string? Text(IReadOnlyList<NamedText> tags, string? name) =>
        name is not null && tags.FirstOrDefault(tag => tag.Name == name)?.Value is { Length: > 0 } text ? text : null;

    [GeneratedRegex("^[0-9a-f]{7,40}$", RegexOptions.CultureInvariant)]
    private static partial Regex Hash();
}
