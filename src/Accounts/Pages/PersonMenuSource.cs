using Microsoft.AspNetCore.Http;
using Squero.Ui;

namespace Squero.Accounts;

/// <summary>The menu behind the caller's name in the top bar.</summary>
internal sealed class PersonMenuSource(IEnumerable<AdminArea> areas) : IPersonMenuSource
{
    public ValueTask<PersonMenu?> FindAsync(HttpContext http, CancellationToken cancel)
    {
        if (http.Caller().Person is not { } person)
        {
            return ValueTask.FromResult<PersonMenu?>(null);
        }

        var items = new List<NavItem> { new("New project", "/-/projects/new"), new("New group", "/-/groups/new"), new("Access tokens", "/-/settings/tokens") };
        if (http.Caller().IsAdmin)
        {
            items.AddRange(areas.OrderBy(area => area.Order).Select(area => new NavItem(area.Word, area.Href)));
        }

        return ValueTask.FromResult<PersonMenu?>(new PersonMenu(person.Name, "/" + person.Username, items, "/-/sign-out"));
    }
}
