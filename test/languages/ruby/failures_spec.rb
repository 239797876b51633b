require_relative '../shop'
require_relative 'paybox_sim'

RSpec.describe PayboxSim::Gateway do
  include PayboxSim::RSpec

  it('charged') do
    Shop.new(paybox.url).checkout('ORDER-1', 1000)
    expect(paybox).to have_charged_once('ORDER-1', 10)
  end

  it('nothing') { expect(paybox).to have_charged_once }

  it('received') do
    Shop.new(paybox.url).checkout('ORDER-1', 1000)
    expect(paybox).to have_received_requests({ send: 'pay', with: { MONTANT: /999$/ } })
  end

  it('findings') do
    2.times { Shop.new(paybox.url).checkout('ORDER-1', 1000) }
    expect(paybox).to have_no_findings('error')
  end
end
