using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>A client in a frame of <see cref="Browser"/>.</summary>
internal sealed class BrowserFrame(Browser browser, string id, IReadOnlyCollection<string> said) : IRunningClient
{
    private const string Ended = "ended";

    /// <inheritdoc/>
    public IReadOnlyList<Incoming> Received => PrintedMessages.In(said);

    /// <summary>Waits until it has said this.</summary>
    public async Task WaitForLineAsync(string line)
    {
        bool IsOver() => said.Any(other => other == Ended || other.StartsWith("failed", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => Task.FromResult(said.Contains(line) || IsOver()), Deadline.ForPrograms);
        said.Should().Contain(line, "the browser printed: {0}", browser.Transcript);
    }

    /// <inheritdoc/>
    public Task EndAsync() => WaitForLineAsync(Ended);

    /// <inheritdoc/>
    public Task KillAsync()
    {
        browser.Close(id);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        browser.Close(id);
        return ValueTask.CompletedTask;
    }
}
