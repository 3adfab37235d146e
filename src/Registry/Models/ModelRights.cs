using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Registry;

/// <summary>What a role may do to models, whichever interface asks. Developers write; a job registers and does nothing else.</summary>
public static class ModelRights
{
    /// <summary>For all that changes what is there: developers, never jobs.</summary>
    public static void RequirePerson(ProjectAccess access, string act)
    {
        if (access.Caller.Kind == CallerKind.Job)
        {
            throw Refusal.Forbidden($"A job may register models and versions; it may not {act}.");
        }

        access.Require(Role.Developer, act);
    }

    /// <summary>Refuses to take away what production points at unless a maintainer asks.</summary>
    internal static async Task RequireServingAsync(Session session, ProjectAccess access, Model model, long? versionId, string act)
    {
        if (!access.Can(Role.Maintainer) && await ServesAsync(session, model, versionId))
        {
            throw Refusal.Forbidden($"You need the role maintainer to {act}: its alias `{Model.Production}` serves.");
        }
    }

    internal static async Task<bool> ServesAsync(Session session, Model model, long? versionId) =>
        model.Kind == ModelKind.Model && await session.CountAsync(
            "SELECT count(*) FROM registry_aliases WHERE model_id = @Id AND alias = @Production AND (@versionId IS NULL OR version_id = @versionId)",
            new { model.Id, Model.Production, versionId }) > 0;
}
