using System.Globalization;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>mosquitto_pub, mosquitto_sub and mosquitto_rr.</summary>
internal sealed class MosquittoClient : IClientUnderTest
{
    /// <inheritdoc/>
    public async Task PublishAsync(Connection connection, Outgoing messages)
    {
        foreach (var payload in messages.Payloads)
        {
            string[] message = ["-t", messages.Topic, "-q", Text((int)messages.QoS), "-m", payload];
            await ChildProcess.RunAsync("mosquitto_pub", [.. Arguments(connection), .. message, .. messages.Retain ? (string[])["-r"] : []]);
        }
    }

    /// <inheritdoc/>
    public async Task<IRunningClient> SubscribeAsync(Connection connection, string filter, QualityOfService qos, int until)
    {
        string[] subscription = ["-d", "-F", "message %r %q %t %p", "-t", filter, "-q", Text((int)qos)];
        string[] end = until == 0 ? ["-E"] : ["-C", Text(until)];

        // It does not flush what it prints to a pipe; stdbuf makes its lines come one by one.
        var process = ChildProcess.Start("stdbuf", ["-oL", "mosquitto_sub", .. Arguments(connection), .. subscription, .. end]);
        try
        {
            await process.WaitForLineAsync("received SUBACK");
            return new RunningProgram(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>mosquitto_rr: sends a request, and prints the payload of the first answer.</summary>
    public static async Task<string> RequestAsync(Connection connection, string topic, string responseTopic, string payload)
    {
        await using var process = ChildProcess.Start("mosquitto_rr", [.. Arguments(connection), "-q", "1", "-t", topic, "-e", responseTopic, "-m", payload]);
        (await process.WaitForExitAsync(Deadline.ForPrograms)).Should().Be(0, "the client printed: {0}", process.Transcript());
        return string.Join('\n', process.Output);
    }

    private static List<string> Arguments(Connection connection)
    {
        List<string> arguments = ["-h", "localhost", "-p", Text(connection.Port), "-i", connection.ClientId];
        arguments.AddRange(["-V", connection.Version == ProtocolVersion.V5 ? "mqttv5" : "mqttv311"]);
        if (connection.Persistent)
        {
            arguments.Add("-c");
            arguments.AddRange(connection.Version == ProtocolVersion.V5 ? ["-x", "300"] : []);
        }

        if (connection.IsSecure)
        {
            arguments.AddRange(["--cafile", connection.Certificates.AuthorityFile]);
        }

        if (connection.IsMutual)
        {
            arguments.AddRange(["--cert", connection.Certificates.ClientFile, "--key", connection.Certificates.ClientKeyFile]);
        }

        if (connection.Will is { } will)
        {
            arguments.AddRange(["--will-topic", will.Topic, "--will-payload", will.Payload, "--will-qos", "1"]);
        }

        return arguments;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
