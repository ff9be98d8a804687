using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>A client that is told in one request what to do, prints <c>subscribed</c> after SUBACK and a line for each message (<see cref="PrintedMessages"/>).</summary>
internal abstract class RequestedClient : IClientUnderTest
{
    /// <inheritdoc/>
    public Task PublishAsync(Connection connection, Outgoing messages)
    {
        var request = Request(connection);
        request["action"] = "publish";
        request["topic"] = messages.Topic;
        request["qos"] = (int)messages.QoS;
        request["retain"] = messages.Retain;
        request["payloads"] = messages.Payloads;
        return RunAsync(request);
    }

    /// <inheritdoc/>
    public Task<IRunningClient> SubscribeAsync(Connection connection, string filter, QualityOfService qos, int until)
    {
        var request = Request(connection);
        request["action"] = "subscribe";
        request["topic"] = filter;
        request["qos"] = (int)qos;
        request["until"] = until;
        return StartAsync(request);
    }

    /// <summary>Does it to the end.</summary>
    private protected abstract Task RunAsync(Dictionary<string, object?> request);

    /// <summary>Does it up to SUBACK.</summary>
    private protected abstract Task<IRunningClient> StartAsync(Dictionary<string, object?> request);

    private static Dictionary<string, object?> Request(Connection connection)
    {
        var mutual = connection.IsMutual;
        return new()
        {
            ["host"] = "localhost",
            ["port"] = connection.Port,
            ["webSocket"] = connection.IsWebSocket,
            ["version"] = (int)connection.Version,
            ["clientId"] = connection.ClientId,
            ["persistent"] = connection.Persistent,
            ["authority"] = connection.IsSecure ? connection.Certificates.AuthorityFile : null,
            ["certificate"] = mutual ? connection.Certificates.ClientFile : null,
            ["key"] = mutual ? connection.Certificates.ClientKeyFile : null,
            ["willTopic"] = connection.Will?.Topic,
            ["willPayload"] = connection.Will?.Payload,
        };
    }
}
