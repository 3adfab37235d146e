using System.Net;
using Squero.Kernel;

namespace Squero.Tests.Kernel;

/// <summary>PostgreSQL keeps no NUL characters; SQLite would.</summary>
public sealed class NulTests
{
    [Fact]
    public async Task A_text_with_a_NUL_character_is_stored_nowhere()
    {
        await using var world = await KernelWorld.CreateAsync();
        var refusal = await Assert.ThrowsAsync<Refusal>(() => world.Database.WriteAsync(session => KernelWorld.NoteAsync(session, "a\0b"), CancellationToken.None));
        Assert.Contains("NUL character", refusal.Sentence, StringComparison.Ordinal);
        await world.Database.WriteAsync(session => KernelWorld.NoteAsync(session, "whole"), CancellationToken.None);
        Assert.Equal(["whole"], await world.NotesAsync());
    }

    [Fact]
    public async Task A_search_for_one_is_refused_in_the_same_words_on_every_engine()
    {
        await using var server = await TestServer.StartAsync();
        var person = await server.PersonAsync("ada");
        using var answer = await person.Http.GetAsync("/api/v4/projects?search=a%00b", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("A text holds a NUL character, which cannot be kept.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
