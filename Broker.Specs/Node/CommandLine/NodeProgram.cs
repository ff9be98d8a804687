using System.Collections.Concurrent;
using System.Diagnostics;

namespace Broker.Specs.Node.CommandLine;

/// <summary>The built program as a process of its own, in an empty working directory.</summary>
internal sealed class NodeProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private NodeProgram(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Broker.Node.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its lines on standard output, so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Its lines on standard error, so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Where it runs.</summary>
    public string Folder => _folder.Path;

    public static NodeProgram Start(params string[] arguments) => new(arguments, new Dictionary<string, string>());

    public static NodeProgram Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) => new(arguments, environment);

    /// <summary>Its exit code, once it has ended and all output has been read.</summary>
    public async Task<int> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Its first line that starts like this, once it is there.</summary>
    public Task<string> LineAsync(string start) => LineAsync(line => line.StartsWith(start, StringComparison.Ordinal), start);

    /// <summary>Its first line that is the one looked for, once it is there.</summary>
    public async Task<string> LineAsync(Func<string, bool> isIt, string what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        string? line;
        while ((line = _output.FirstOrDefault(isIt)) is null)
        {
            _process.HasExited.Should().BeFalse("it should say '{0}', but said: {1}", what, string.Join('\n', _output.Concat(_errors)));
            await pause.WaitForNextTickAsync(deadline.Token);
        }

        return line;
    }

    /// <summary>A line on its standard input, and the end of it.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        _process.StandardInput.Close();
    }

    /// <summary>Sends a signal such as TERM.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Asks until the answer satisfies, or fails at the deadline with what it said.</summary>
    public async Task<HttpResponseMessage> AskUntilAsync(Uri address, Func<HttpResponseMessage, bool> satisfied)
    {
        using var http = new HttpClient();
        using var deadline = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            _process.HasExited.Should().BeFalse("it should serve, but said: {0}", string.Join('\n', _output.Concat(_errors)));
            try
            {
                var answer = await http.GetAsync(address, deadline.Token);
                if (satisfied(answer))
                {
                    return answer;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        while (await pause.WaitForNextTickAsync(deadline.Token));

        throw new TimeoutException();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
