using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>The client on paho C, compiled once for a class of specs into a folder that goes with it.</summary>
public sealed class PahoCProgram : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The client.</summary>
    internal IClientUnderTest Client => new CompiledClient(_folder.File("client"));

    /// <inheritdoc/>
    public Task InitializeAsync() => ChildProcess.RunAsync(
        "gcc", "-Wall", "-Wextra", "-Werror", "-o", _folder.File("client"), RepositoryFolder.Find("Broker.Specs", "EndToEnd", "c", "client.c"), "-lpaho-mqtt3cs");

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
