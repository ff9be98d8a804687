using System.Text.Json;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>
/// A client library of another language, behind a script that takes one JSON argument (what <see cref="Request"/> writes),
/// prints <c>subscribed</c> after SUBACK and a line for each message (<see cref="RunningProgram"/>).
/// </summary>
internal sealed class ScriptedClient(string interpreter, params string[] script) : IClientUnderTest
{
    private readonly string _script = RepositoryFolder.Find(["Broker.Specs", "EndToEnd", .. script]);

    /// <inheritdoc/>
    public async Task PublishAsync(Connection connection, Outgoing messages)
    {
        var request = Request(connection);
        request["action"] = "publish";
        request["topic"] = messages.Topic;
        request["qos"] = (int)messages.QoS;
        request["retain"] = messages.Retain;
        request["payloads"] = messages.Payloads;
        await ChildProcess.RunAsync(interpreter, _script, JsonSerializer.Serialize(request));
    }

    /// <inheritdoc/>
    public async Task<IRunningClient> SubscribeAsync(Connection connection, string filter, QualityOfService qos, int until)
    {
        var request = Request(connection);
        request["action"] = "subscribe";
        request["topic"] = filter;
        request["qos"] = (int)qos;
        request["until"] = until;
        var process = ChildProcess.Start(interpreter, [_script, JsonSerializer.Serialize(request)]);
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

    private static Dictionary<string, object?> Request(Connection connection)
    {
        var mutual = connection.Security == Security.MutualTls;
        return new()
        {
            ["host"] = "localhost",
            ["port"] = connection.Port,
            ["version"] = (int)connection.Version,
            ["clientId"] = connection.ClientId,
            ["persistent"] = connection.Persistent,
            ["authority"] = connection.Security == Security.None ? null : connection.Certificates.AuthorityFile,
            ["certificate"] = mutual ? connection.Certificates.ClientFile : null,
            ["key"] = mutual ? connection.Certificates.ClientKeyFile : null,
            ["willTopic"] = connection.Will?.Topic,
            ["willPayload"] = connection.Will?.Payload,
        };
    }
}
