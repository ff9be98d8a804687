using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Broker.Bench.Comparison;

/// <summary>A broker that takes part: how to start it on a port of 127.0.0.1, in the foreground.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Command">A line for bash, with <c>$PORT</c>.</param>
internal sealed record Contender(string Name, string Command)
{
    /// <summary>Ours, as it was built, without what a benchmark of messages does not ask about.</summary>
    public static Contender Ours { get; } = new(
        "Akka.Mqtt",
        $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Broker.Node.dll")}' --set mqtt.listeners.tcp.host=127.0.0.1 --set mqtt.listeners.tcp.port=$PORT --set mqtt.management.enabled=false "
            + "--set akka.remote.dot-netty.tcp.port=0 --set mqtt.data-directory=$DATA --set mqtt.logging.level=warning --set mqtt.limits.max-subscriptions=0");

    /// <summary>Debian's, at its fastest.</summary>
    public static Contender Mosquitto { get; } = new(
        "Mosquitto",
        "printf 'user root\\nlistener %s 127.0.0.1\\nallow_anonymous true\\nlog_dest none\\nconnection_messages false\\nsys_interval 0\\nmax_inflight_messages 0\\n"
            + "max_queued_messages 0\\nset_tcp_nodelay true\\npersistence false\\n' $PORT >$DATA/mosquitto.conf && PATH=$PATH:/usr/sbin exec mosquitto -c $DATA/mosquitto.conf");

    /// <summary>Starts it and waits until it takes connections.</summary>
    public async Task<Runner> StartAsync(int port)
    {
        string data = Directory.CreateTempSubdirectory("akka-mqtt-compare-").FullName;
        var start = new ProcessStartInfo("bash", ["-c", (Command.Contains("exec ", StringComparison.Ordinal) ? "" : "exec ") + Command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["DATA"] = data;
        Process process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        Task<string> problem = process.StandardError.ReadToEndAsync();
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30);)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port);
                return new Runner(this, process, port, data);
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(50);
            }
            catch (SocketException)
            {
                break;
            }
        }

        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException($"{Name} did not start: {await problem}");
    }
}

/// <summary>A broker that runs.</summary>
internal sealed record Runner(Contender Contender, Process Process, int Port, string Data) : IDisposable
{
    public void Dispose()
    {
        Process.Kill(entireProcessTree: true);
        Process.WaitForExit();
        Process.Dispose();
        Directory.Delete(Data, recursive: true);
    }
}
