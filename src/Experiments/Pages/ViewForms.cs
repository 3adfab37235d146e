using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Ui;

namespace Squero.Experiments;

/// <summary>Saving and deleting views of the table of candidates.</summary>
internal static class ViewForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/project/{project}/experiments/{iid:long}/views").ForProject(Role.Reporter, Scope.Api);
        group.MapPost("", SaveAsync);
        group.MapPost("/{view:long}/delete", DeleteAsync);
    }

    private static async Task<IResult> SaveAsync(
        HttpContext context, ProjectAccess access, ExperimentStore experiments, SavedViewStore views, long iid, CancellationToken cancel)
    {
        var experiment = await FindAsync(access, experiments, iid, cancel);
        var form = await context.Request.ReadFormAsync(cancel);
        var isShared = form["shared"] == "true";
        if (isShared)
        {
            access.Require(Role.Developer, "save a view for all");
        }

        var view = new SavedView
        {
            ProjectId = access.Project.Id,
            PersonId = access.PersonId,
            Name = form["name"].ToString(),
            IsShared = isShared,
            State = TableState.Read(form).Query(),
        };
        var id = await views.PutAsync(view, cancel);
        Flash.Leave(context, $"The view “{view.Name.Trim()}” is saved{(isShared ? " for all; its address can be sent on" : " for you alone")}.");
        return Results.Redirect($"{experiment.Href(access.Project)}?view={id}");
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, ProjectAccess access, ExperimentStore experiments, SavedViewStore views, long iid, long view, CancellationToken cancel)
    {
        var experiment = await FindAsync(access, experiments, iid, cancel);
        var found = await views.FindAsync(access.Project.Id, access.PersonId, view, cancel) ?? throw Refusal.NotFound("This view is private or gone.");
        if (found.PersonId != access.PersonId)
        {
            access.Require(Role.Maintainer, "delete a view of somebody else");
        }

        await views.DeleteAsync(found, cancel);
        Flash.Leave(context, $"The view “{found.Name}” is deleted.");
        return Results.Redirect(experiment.Href(access.Project));
    }

    private static async Task<Experiment> FindAsync(ProjectAccess access, ExperimentStore experiments, long iid, CancellationToken cancel) =>
        await experiments.FindAsync(access.Project.Id, iid, cancel) ?? throw Refusal.NotFound($"This project has no experiment {iid}.");
}
