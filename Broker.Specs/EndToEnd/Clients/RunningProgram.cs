using System.Globalization;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>
/// A client in a process of its own that prints a line for each message: <c>message RETAIN QOS TOPIC PAYLOAD</c>, where only the payload
/// may hold spaces.
/// </summary>
internal sealed class RunningProgram(ChildProcess process) : IRunningClient
{
    /// <inheritdoc/>
    public IReadOnlyList<Incoming> Received =>
        [.. process.Output.Where(line => line.StartsWith("message ", StringComparison.Ordinal)).Select(Parse)];

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

    private static Incoming Parse(string line)
    {
        var parts = line.Split(' ', 5);
        return new Incoming(parts[3], parts[4], (QualityOfService)int.Parse(parts[2], CultureInfo.InvariantCulture), parts[1] == "1");
    }
}
