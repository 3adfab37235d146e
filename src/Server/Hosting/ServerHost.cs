using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Registry;
using Squero.Repositories;

namespace Squero.Server;

/// <summary>Builds the server process: services, the order in which a request passes, endpoints.</summary>
internal static class ServerHost
{
    public static async Task<WebApplication> BuildAsync(ServeOptions options, Action<WebApplicationBuilder>? adjust, CancellationToken cancel)
    {
        var data = new DataFolder(options.DataFolder);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "squero", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(options.ListenAddresses());
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Clients of the tracking protocol name a hundred runs or traces in one address.
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);

        // A start that fails is told by the command in one sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        AddServices(builder.Services, options, data);
        adjust?.Invoke(builder);

        var app = builder.Build();
        try
        {
            // Held until the server is disposed of; nothing in the folder is touched before.
            app.Services.GetRequiredService<DataFolderLock>();
            await PrepareAsync(app.Services, new DatabaseMark(data, options.Database), cancel);
            data.WritePrivate(DataFolder.AddressFile, options.Address().External.ToString());
            Configure(app);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts to listen. When that fails, what runs beside is told to end, which is no fault of it.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }

    private static async Task PrepareAsync(IServiceProvider services, DatabaseMark mark, CancellationToken cancel)
    {
        var database = services.GetRequiredService<Database>();
        mark.Check();
        if (await database.IsNewAsync(cancel))
        {
            mark.CheckNew();
        }

        await database.HoldAsync(cancel);
        await services.GetRequiredService<Migrator>().RunAsync(cancel);
        mark.Keep();
    }

    private static void AddServices(IServiceCollection services, ServeOptions options, DataFolder data)
    {
        services.AddKernel(data, options.Database).AddSingleton<DataFolderLock>().AddSingleton(options).AddSingleton(options.Address());
        services.AddRouting();
        services.AddHttpContextAccessor();
        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(data.Folder("keys"))).SetApplicationName("squero");
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "squero_forgery";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddRazorComponents();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.DictionaryKeyPolicy = null;
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.AddSingleton(new HookLimits(options.PrivateWebhooks));
        services.AddSingleton(new RepositoryLimits { MaxPushBytes = options.MaxPushMegabytes * 1024L * 1024 });
        services.AddModules();
        services.AddHostedService<ChorePump>();
        services.AddHostedService<LogCheckpoints>();
        services.AddHostedService<ServerWatch>();
        if (options.RunsJobs)
        {
            services.AddHostedService<BuiltInRunner>();
        }
    }

    private static void Configure(WebApplication app)
    {
        app.UseMiddleware<PlainJson>();
        app.UseFormAnswers();
        app.UseMiddleware<RefusalAnswers>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseProjectPaths();
        app.UseRouting();
        app.UseAccessGate();
        app.UseAntiforgery();
        app.MapStaticAssets().OpenToAll();
        app.MapGet("/health", () => Results.Text("OK")).OpenToAll();
        app.MapGet("/ready", ReadyAsync).OpenToAll();
        app.MapGet("/api/v4/admin/storage", StorageState.AnswerAsync).ForAdmins();
        app.MapModules();
        app.MapRazorComponents<App>().AddAdditionalAssemblies(Composition.PageAssemblies).Add(ReadOnly);
    }

    /// <summary>Whether requests can be served now, and on which engine; 503 while the database does not answer.</summary>
    private static async Task<IResult> ReadyAsync(Database database, CancellationToken cancel)
    {
        await database.PingAsync(cancel);
        return Results.Json(new { status = "ok", database = database.EngineName });
    }

    /// <summary>Pages are read with GET; what changes something is posted to an endpoint of its own, often of the same path.</summary>
    private static void ReadOnly(EndpointBuilder page)
    {
        foreach (var methods in page.Metadata.OfType<HttpMethodMetadata>().ToList())
        {
            page.Metadata.Remove(methods);
        }

        page.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get]));
    }
}
