using Microsoft.Extensions.DependencyInjection;

namespace Squero.Tests;

/// <summary>One server for all tests of a class; every test brings people and projects of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private static int lastNumber;

    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public T Get<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    /// <summary>A name that no other test has.</summary>
    public static string Name(string word) => $"{word}{Interlocked.Increment(ref lastNumber)}";

    public Task<TestPerson> PersonAsync(string word = "person", params string[] scopes) => Server.PersonAsync(Name(word), scopes: scopes);
}
