using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Squero.Ui;

namespace Squero.Tests.Ui;

public sealed class SlotTests
{
    [Fact]
    public async Task A_slot_shows_what_was_registered_in_order()
    {
        var html = await RenderedComponent.Of<SlotOutlet<Place>>(
            new() { ["Context"] = new Place("harbour") },
            services => services.AddSlot<Place, Second>(20).AddSlot<Place, First>(10));

        Assert.Equal("first harbour, second harbour", html);
    }

    [Fact]
    public async Task An_empty_slot_shows_nothing() =>
        Assert.Equal("", await RenderedComponent.Of<SlotOutlet<Place>>(new() { ["Context"] = new Place("harbour") }));

    internal sealed record Place(string Name);

    private sealed class First : ComponentBase
    {
        [Parameter] public Place Context { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"first {Context.Name}, ");
    }

    private sealed class Second : ComponentBase
    {
        [Parameter] public Place Context { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"second {Context.Name}");
    }
}
