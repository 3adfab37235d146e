using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>Who may read code: everybody who sees a public or internal project, reporters and above of a private one; on pages as through git.</summary>
public static class CodeAccess
{
    public static bool CanReadCode(this ProjectAccess access) => access.Can(Role.Reporter) || access.Project.Visibility != Visibility.Private;

    public static void RequireCode(this ProjectAccess access)
    {
        if (!access.CanReadCode())
        {
            throw Refusal.Forbidden($"You need the role reporter to read the code of {access.Project.FullPath}.");
        }
    }
}
