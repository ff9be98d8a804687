using Akka.Actor;
using Broker.Actors.Hosting;
using Broker.Node.CommandLine.Ctl;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace Broker.Node.Pbm;

/// <summary>Answers the commands of one <c>pbm</c>.</summary>
internal sealed class MqttCommandActor : CommandHandlerActor
{
    public MqttCommandActor(BrokerNode node)
        : base(MqttPalette.Palette)
    {
        var answers = new MqttAnswers(node);
        foreach (var list in CtlLists.All)
        {
            Process(list.Name, (_, arguments) => Answer(answers.ListAsync(
                list, arguments.ArgumentValues(MqttPalette.Contains).FirstOrDefault(), arguments.ArgumentValues(MqttPalette.Limit).FirstOrDefault())));
        }

        Process(MqttPalette.Client, (_, arguments) => Answer(answers.ClientAsync(arguments.ArgumentValues(MqttPalette.Id).Single())));
        Process(MqttPalette.Session, (_, arguments) => Answer(answers.SessionAsync(arguments.ArgumentValues(MqttPalette.Id).Single())));
        Process(MqttPalette.Kick, (_, arguments) => Answer(answers.KickAsync(arguments.ArgumentValues(MqttPalette.Id).Single())));
        Process(MqttPalette.Primary, (_, _) => Answer(Task.FromResult(answers.Primary())));
        Process(MqttPalette.Drain, (_, arguments) => Answer(Task.FromResult(answers.Drain(arguments.ArgumentValues(MqttPalette.Node).FirstOrDefault()))));
    }

    private void Answer(Task<string> answer) =>
        answer.PipeTo(Sender, success: static text => new CommandResponse(text), failure: static problem => new ErroredCommandResponse(problem.Message));
}
