using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Ui;

/// <summary>
/// A named place in a lower module's page that upper modules fill: the context's type is the name. The lower module
/// renders a <c>SlotOutlet</c> with the context, the upper one registers a component with a parameter `Context`.
/// </summary>
public static class Slot
{
    /// <summary>Lower orders come first; equal ones in the order of registration.</summary>
    public static IServiceCollection AddSlot<TContext, TComponent>(this IServiceCollection services, int order = 0)
        where TComponent : IComponent =>
        services.AddSingleton(new SlotEntry<TContext>(typeof(TComponent), order));
}

/// <summary>One component that fills the slot of a context.</summary>
public sealed record SlotEntry<TContext>(Type Component, int Order);
