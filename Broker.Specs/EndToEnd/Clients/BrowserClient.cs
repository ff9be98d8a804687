namespace Broker.Specs.EndToEnd.Clients;

/// <summary>MQTT.js in a browser.</summary>
internal sealed class BrowserClient(Browser browser) : RequestedClient
{
    private protected override async Task RunAsync(Dictionary<string, object?> request)
    {
        await using var frame = browser.Open(request);
        await frame.EndAsync();
    }

    private protected override async Task<IRunningClient> StartAsync(Dictionary<string, object?> request)
    {
        var frame = browser.Open(request);
        try
        {
            await frame.WaitForLineAsync("subscribed");
            return frame;
        }
        catch
        {
            await frame.DisposeAsync();
            throw;
        }
    }
}
