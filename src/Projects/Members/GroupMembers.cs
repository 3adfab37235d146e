using Squero.Kernel;

namespace Squero.Projects;

/// <summary>Changes who belongs to a group. A group always keeps an owner, or nobody could change it any more.</summary>
internal sealed class GroupMembers(MemberStore members)
{
    public async Task SetAsync(Namespace space, long personId, Role role, CancellationToken cancel)
    {
        if (!space.IsGroup)
        {
            throw Refusal.Invalid("A person's own namespace has no other members. Make a group.");
        }

        if (role < Role.Owner)
        {
            await CheckOwnerRemainsAsync(space, personId, cancel);
        }

        await members.SetAsync(space, personId, role, cancel);
    }

    /// <summary>False when the person has no role of the group itself.</summary>
    public async Task<bool> RemoveAsync(Namespace space, long personId, CancellationToken cancel)
    {
        await CheckOwnerRemainsAsync(space, personId, cancel);
        return await members.RemoveAsync(space, personId, cancel);
    }

    private async Task CheckOwnerRemainsAsync(Namespace space, long personId, CancellationToken cancel)
    {
        var owners = (await members.ListAsync(space, cancel)).Where(member => member.Role == Role.Owner).ToList();
        if (owners is [{ Inherited: false } only] && only.PersonId == personId)
        {
            throw Refusal.Invalid("This is the only owner of the group. Make somebody else an owner first.");
        }
    }
}
