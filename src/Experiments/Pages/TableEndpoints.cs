using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Experiments;

/// <summary>What the table of candidates fetches besides itself: choices of columns, names for its filter, exports.</summary>
internal static class TableEndpoints
{
    private const int MaxNames = 20;

    /// <summary>A page of the table shows fewer.</summary>
    private const int MaxRunning = 200;

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/project/{project}/experiments/{iid:long}").ForProject(Role.None, Scope.ReadApi);
        group.MapGet("/columns", ColumnsAsync);
        group.MapGet("/names", NamesAsync);
        group.MapGet("/news", NewsAsync);
        group.MapGet("/export/{format}", ExportAsync);
    }

    private static async Task<IResult> ColumnsAsync(
        HttpContext context, ProjectAccess access, ExperimentStore experiments, ColumnNames names, long iid, CancellationToken cancel)
    {
        var experiment = await FindAsync(access, experiments, iid, cancel);
        var search = context.Request.Query["search"].ToString().Trim();
        var shown = CandidateColumn.Parse(context.Request.Query["column"]);
        return new RazorComponentResult<ColumnChoices>(new { Known = await names.FindAsync(experiment.Id, cancel), Search = search, Without = shown });
    }

    /// <summary>Names as a filter writes them: <c>metrics.auc</c>, with quotes where they are needed.</summary>
    private static async Task<IResult> NamesAsync(
        HttpContext context, ProjectAccess access, ExperimentStore experiments, ColumnNames names, long iid, CancellationToken cancel)
    {
        var experiment = await FindAsync(access, experiments, iid, cancel);
        var search = context.Request.Query["search"].ToString().Trim();
        var found = (await names.FindAsync(experiment.Id, cancel)).Search(search, MaxNames);
        return Results.Json(found.Select(FilterName).OfType<string>());
    }

    private static async Task<IResult> NewsAsync(
        HttpContext context, ProjectAccess access, ExperimentStore experiments, ReadNews news, long iid, CancellationToken cancel)
    {
        var experiment = await FindAsync(access, experiments, iid, cancel);
        var query = context.Request.Query;
        var since = long.TryParse(query["since"], out var place) ? place : long.MaxValue;
        var found = await news.FindAsync(experiment, since, Iids.Parse(query["running"], MaxRunning), cancel);
        var state = TableState.Read(query);
        return new RazorComponentResult<CandidateNews>(new { News = found, Href = state.Href(experiment.Href(access.Project)), IsFiltered = state.Filter.Length > 0 });
    }

    private static async Task ExportAsync(
        HttpContext context, ProjectAccess access, ExperimentStore experiments, CandidateCells cells, CandidatePages pages, Database database,
        long iid, string format, CancellationToken cancel)
    {
        if (format is not ("csv" or "parquet"))
        {
            throw Refusal.NotFound($"Candidates are exported as csv or parquet, not as {format}.");
        }

        var experiment = await FindAsync(access, experiments, iid, cancel);
        var state = TableState.Read(context.Request.Query);
        var table = new ExportTable(database, pages);
        var ids = await table.BeginAsync(new TableQuestion(access.Project.Id, experiment.Id, state.Filter, state.Sort, experiment.Deleted), cancel);
        var columns = context.Request.Query["which"] == "all"
            ? await table.ColumnsAsync(ids, cancel)
            : state.Columns.Count > 0 ? state.Columns : await cells.UsualAsync([.. ids.Take(50)], cancel);
        if (format == "parquet" && !ParquetExport.Fits(ids.Count, columns.Count))
        {
            throw Refusal.Invalid(
                $"{ids.Count:N0} candidates with {columns.Count:N0} columns are too wide for one Parquet file: export them as CSV, which has no limit, choose columns, or filter.");
        }

        ArtifactHeaders.Write(context.Response, $"{experiment.Name}.{format}");
        context.Response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
        var rows = table.RowsAsync(access.Project.Id, ids, columns, cancel);
        await (format == "csv" ? CsvExport.WriteAsync(context.Response.Body, columns, rows, cancel) : ParquetExport.WriteAsync(context.Response.Body, columns, rows, cancel));
    }

    private static string? FilterName(CandidateColumn column)
    {
        var isPlain = column.Name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.');
        return isPlain ? column.Text : column.SortKey;
    }

    private static async Task<Experiment> FindAsync(ProjectAccess access, ExperimentStore experiments, long iid, CancellationToken cancel) =>
        await experiments.FindAsync(access.Project.Id, iid, cancel) ?? throw Refusal.NotFound($"This project has no experiment {iid}.");
}
