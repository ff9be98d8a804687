using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>A client in a process of its own that prints a line for each message (<see cref="PrintedMessages"/>).</summary>
internal sealed class RunningProgram(ChildProcess process) : IRunningClient
{
    /// <inheritdoc/>
    public IReadOnlyList<Incoming> Received => PrintedMessages.In(process.Output);

    /// <inheritdoc/>
    public async Task EndAsync()
    {
        var exitCode = await process.WaitForExitAsync(Deadline.ForPrograms);
        exitCode.Should().Be(0, "the client printed: {0}", process.Transcript());
    }

    /// <inheritdoc/>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync(Deadline.ForPrograms);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
