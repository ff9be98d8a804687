using System.Globalization;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>
/// The broker that most end-to-end specs share, started for the first of them and stopped with the test host. A class of
/// specs takes it as its fixture; classes run side by side on it, so each spec uses client ids and topics of its own
/// (<see cref="Unique"/>).
/// </summary>
/// <remarks>
/// With <c>MQTT_SPECS_ENDPOINT=host:port</c> the specs talk to whatever broker is there, to learn whether a spec is right.
/// <c>MQTT_SPECS_TLS_PORTS=tls:mutual</c> and <c>MQTT_SPECS_CERTIFICATES=folder</c> (filled when empty) add its TLS listeners.
/// </remarks>
public sealed class SharedBroker : IAsyncLifetime
{
    private static readonly Lazy<Task<BrokerEndpoint>> Shared = new(FindOrStartAsync);

    /// <summary>Where it is.</summary>
    internal BrokerEndpoint Endpoint { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Endpoint = await Shared.Value;

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<BrokerEndpoint> FindOrStartAsync()
    {
        if (Environment.GetEnvironmentVariable("MQTT_SPECS_ENDPOINT") is { Length: > 0 } elsewhere)
        {
            return Existing(elsewhere.Split(':'));
        }

        var broker = await BrokerProcess.StartAsync("mqtt.sys-interval=1s");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => broker.DisposeAsync().AsTask().Wait(Deadline.ForBrokers);
        return broker.Endpoint;
    }

    private static BrokerEndpoint Existing(string[] hostAndPort)
    {
        var tlsPorts = (Environment.GetEnvironmentVariable("MQTT_SPECS_TLS_PORTS") ?? "0:0").Split(':');
        var certificates = Environment.GetEnvironmentVariable("MQTT_SPECS_CERTIFICATES");
        return new BrokerEndpoint
        {
            Host = hostAndPort[0],
            Port = int.Parse(hostAndPort[1], CultureInfo.InvariantCulture),
            TlsPort = int.Parse(tlsPorts[0], CultureInfo.InvariantCulture),
            MutualTlsPort = int.Parse(tlsPorts[1], CultureInfo.InvariantCulture),
            Certificates = certificates is null ? null : Certificates.In(certificates),
        };
    }
}
