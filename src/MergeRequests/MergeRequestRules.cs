using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>Who may do what to a merge request.</summary>
internal static class MergeRequestRules
{
    /// <summary>
    /// A job runs what somebody pushed for review: with its token it must not comment, choose or merge in that person's name.
    /// </summary>
    public static void RequireWriter(ProjectAccess access, Role role, string act)
    {
        if (access.Caller.Kind == CallerKind.Job)
        {
            throw Refusal.Forbidden($"A job's token cannot {act}.");
        }

        access.Require(role, act);
    }

    public static bool IsPerson(ProjectAccess access) => access.Caller.IsSignedIn && access.Caller.Kind != CallerKind.Job;

    public static bool MayComment(ProjectAccess access) => IsPerson(access) && access.Can(Role.Guest);

    /// <summary>A thread that blocks stops other people's work.</summary>
    public static bool MayBlock(ProjectAccess access) => IsPerson(access) && access.Can(Role.Reporter);

    public static void RequireBlock(ProjectAccess access) => RequireWriter(access, Role.Reporter, "mark threads as blocking");

    /// <summary>A suggestion is a commit on the source branch: whoever may push there. Authors can, because opening takes the same role.</summary>
    public static bool MayApply(ProjectAccess access) => MayMerge(access);

    /// <summary>Merging and choosing move branches and models, as pushing and training do.</summary>
    public static bool MayMerge(ProjectAccess access) => IsPerson(access) && access.Can(Role.Developer);

    /// <summary>Settling conflicts is a commit on the source branch: whoever may push there.</summary>
    public static bool MayDecide(ProjectAccess access) => MayMerge(access);

    /// <summary>The author, and whoever may merge.</summary>
    public static bool MayEdit(ProjectAccess access, MergeRequest request) =>
        MayMerge(access) || (MayComment(access) && access.Caller.PersonId == request.PersonId);

    /// <summary>The author of the merge request, who started the thread, and whoever may merge.</summary>
    public static bool MayResolve(ProjectAccess access, MergeRequest request, long threadPersonId) =>
        MayEdit(access, request) || (MayComment(access) && access.Caller.PersonId == threadPersonId);

    public static void RequireEdit(ProjectAccess access, MergeRequest request)
    {
        if (!MayEdit(access, request))
        {
            throw Refusal.Forbidden("Only its author and developers of the project change a merge request.");
        }
    }
}
