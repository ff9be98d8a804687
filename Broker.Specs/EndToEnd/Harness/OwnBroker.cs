namespace Broker.Specs.EndToEnd.Harness;

/// <summary>A broker for one class of specs: what it counts is theirs alone.</summary>
public class OwnBroker : IAsyncLifetime
{
    private readonly string[] _settings;

    public OwnBroker()
        : this([])
    {
    }

    /// <param name="settings">Each as after <c>--set</c>.</param>
    protected OwnBroker(string[] settings) => _settings = settings;

    /// <summary>The broker.</summary>
    internal BrokerProcess Process { get; private set; } = null!;

    /// <summary>Asks its management endpoints.</summary>
    internal HttpClient Http { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Process = await BrokerProcess.StartAsync(_settings);
        Http = new HttpClient { BaseAddress = Process.Management };
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
    }
}
