using Microsoft.AspNetCore.Components;

namespace Squero.Ui;

/// <summary>
/// A component that is drawn once it has what it shows. The framework's own draws a first time while it still waits for its data,
/// which nobody sees on pages that are sent when they are whole, and for which every page would need a second, empty form.
/// </summary>
public abstract class LoadedComponent : ComponentBase
{
    private bool isBegun;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        // Before anything is awaited: the view is gone afterwards.
        parameters.SetParameterProperties(this);
        if (!isBegun)
        {
            isBegun = true;
            OnInitialized();
            await OnInitializedAsync();
        }

        OnParametersSet();
        await OnParametersSetAsync();
        StateHasChanged();
    }
}
