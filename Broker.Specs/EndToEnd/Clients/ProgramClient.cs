using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>A client that is a program, told by its arguments what to do.</summary>
internal abstract class ProgramClient(string program) : RequestedClient
{
    /// <summary>How this program takes a request; what is null is left open.</summary>
    private protected abstract IEnumerable<string> Arguments(Dictionary<string, object?> request);

    private protected override Task RunAsync(Dictionary<string, object?> request) => ChildProcess.RunAsync(program, [.. Arguments(request)]);

    private protected override async Task<IRunningClient> StartAsync(Dictionary<string, object?> request)
    {
        var process = ChildProcess.Start(program, Arguments(request));
        try
        {
            await process.WaitForLineAsync("subscribed");
            return new RunningProgram(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
